-- What grains keep, such as how far a sink is: a row for each grain and state. Needed where silos have OrleansLake:Sinks.
-- Queries and their parameters are named as Microsoft.Orleans.Persistence.AdoNet 10.4 asks for them. Its id of a grain is two numbers, or two
-- zeros and a text; what is written is compared with the version that was read, and a version that did not change says that it was not written.

create table OrleansStorage
(
    ServiceId varchar(150) not null,
    GrainTypeString varchar(512) not null,
    GrainTypeHash integer not null,
    GrainIdN0 bigint not null,
    GrainIdN1 bigint not null,
    GrainIdExtensionString varchar(512),
    GrainIdHash integer not null,
    PayloadBinary bytea,
    ModifiedOn timestamptz not null,
    Version integer not null
);

create unique index OrleansStorageKey on OrleansStorage (ServiceId, GrainTypeString, GrainIdN0, GrainIdN1, coalesce(GrainIdExtensionString, ''));

insert into OrleansQuery (QueryKey, QueryText) values
('ReadFromStorageKey', '
    select PayloadBinary, cast(null as text) as PayloadXml, cast(null as text) as PayloadJson, ModifiedOn, Version
    from OrleansStorage
    where ServiceId = @ServiceId and GrainTypeString = @GrainTypeString and GrainIdN0 = @GrainIdN0 and GrainIdN1 = @GrainIdN1
        and coalesce(GrainIdExtensionString, '''') = coalesce(cast(@GrainIdExtensionString as text), '''');
'),
('WriteToStorageKey', '
    with changed as (
        update OrleansStorage set PayloadBinary = @PayloadBinary, ModifiedOn = now(), Version = Version + 1
        where ServiceId = @ServiceId and GrainTypeString = @GrainTypeString and GrainIdN0 = @GrainIdN0 and GrainIdN1 = @GrainIdN1
            and coalesce(GrainIdExtensionString, '''') = coalesce(cast(@GrainIdExtensionString as text), '''')
            and Version = cast(@GrainStateVersion as integer)
        returning Version
    ), added as (
        insert into OrleansStorage (ServiceId, GrainTypeString, GrainTypeHash, GrainIdN0, GrainIdN1, GrainIdExtensionString, GrainIdHash, PayloadBinary, ModifiedOn, Version)
        select @ServiceId, @GrainTypeString, @GrainTypeHash, @GrainIdN0, @GrainIdN1, cast(@GrainIdExtensionString as text), @GrainIdHash, @PayloadBinary, now(), 1
        where cast(@GrainStateVersion as integer) is null
        on conflict do nothing
        returning Version
    )
    select coalesce((select Version from changed), (select Version from added), cast(@GrainStateVersion as integer)) as NewGrainStateVersion;
'),
('ClearStorageKey', '
    update OrleansStorage set PayloadBinary = null, ModifiedOn = now(), Version = Version + 1
    where ServiceId = @ServiceId and GrainTypeString = @GrainTypeString and GrainIdN0 = @GrainIdN0 and GrainIdN1 = @GrainIdN1
        and coalesce(GrainIdExtensionString, '''') = coalesce(cast(@GrainIdExtensionString as text), '''')
        and Version = cast(@GrainStateVersion as integer)
    returning Version as NewGrainStateVersion;
');

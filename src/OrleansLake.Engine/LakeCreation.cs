using OrleansLake.Core;
using OrleansLake.Core.Countries;
using OrleansLake.Core.Mapping;
using OrleansLake.Core.Messages;
using OrleansLake.Core.Time;
using OrleansLake.Engine.Mappings;
using OrleansLake.Engine.Opening;
using OrleansLake.Storage.Checksums;
using OrleansLake.Storage.Lakes;
using OrleansLake.Storage.TimeZones;

namespace OrleansLake.Engine;

/// <summary>Creates a lake, or reads what one is: its time zone and countries are fixed when it is created.</summary>
internal static class LakeCreation
{
    /// <summary>Refuses a folder that is not a lake and must not become one. Writes nothing.</summary>
    internal static void CheckFolder(ILakeStore store, LakeOptions options)
    {
        LakeFolder folder = LakeFolder.Inspect(store);
        switch (folder.Kind)
        {
            case LakeFolderKind.Lake:
                return;
            case LakeFolderKind.Other:
                throw new LakeException(LakeFailure.Environment, $"{store.Location} is neither empty nor a lake (it holds {folder.Unexpected}); name another folder with --lake (in an application OrleansLake:Path).");
            case LakeFolderKind.Adoptable when options.Adopt == AdoptKind.No:
                throw new LakeException(LakeFailure.Environment, $"{store.Location} holds bronze files of another program but is not a lake yet; `lake run` or `lake replay` makes it one.");
            case LakeFolderKind.Adoptable when options.Adopt == AdoptKind.BronzeOnly && folder.HasExternalOutput:
                throw new LakeException(LakeFailure.Environment, $"{store.Location} has Parquet files of another program under silver or gold; `lake replay` replaces them, `lake run` would mix its own with them.");
            default:
                // A replay has nothing to make a lake from where there are no messages.
                if (!options.Create || (options.Adopt == AdoptKind.ToReplay && folder.Kind != LakeFolderKind.Adoptable))
                {
                    throw new LakeException(LakeFailure.Environment, $"There is no lake in {store.Location}.");
                }

                return;
        }
    }

    /// <summary>Does the same, and refuses a folder of this machine that cannot be written to.</summary>
    internal static void CheckWritableFolder(ILakeStore store, LakeOptions options)
    {
        // Of a folder that must be made the reason why it cannot be comes first; of another, that there is no lake.
        bool isLocal = store is LocalStore;
        if (isLocal && options.Create)
        {
            FolderAccess.ThrowIfNotWritable(store.Location);
        }

        CheckFolder(store, options);
        if (isLocal && !options.Create)
        {
            FolderAccess.ThrowIfNotWritable(store.Location);
        }
    }

    /// <summary>Returns whether a lake could be opened, or made, with options: as far as that is seen without a lock, and without writing.</summary>
    /// <returns>Whether there is one.</returns>
    /// <exception cref="AggregateException">Several things are in the way.</exception>
    internal static bool Check(ILakeStore store, LakeOptions options)
    {
        FolderAccess.ThrowIfNotWritable(store.Location);
        CheckFolder(store, options);
        bool isThere = store.Find(LakePaths.Description) is not null;
        List<LakeException> faults = [];
        CountryTable? wanted = null;
        Try(() => wanted = options.WantedCountries(CountryTypeOf(store, options)));
        MessageMapping? mapping = null;
        Try(() => mapping = options.WantedMapping(LakeDescription.IdsOf(store)));
        if (isThere)
        {
            (LakeTimeZone Zone, CountryTable Countries) made = Read(store);
            Try(() => ThrowIfOtherZone(made.Zone, options));
            Try(() => ThrowIfOtherCountries(made.Countries, wanted));
            Try(() => ThrowIfOtherMapping(store, mapping));
            Try(() => ThrowIfOtherPartitions(LakeDescription.Read(store), options));
            Try(() => ThrowIfKeepsOther(LakeDescription.Read(store), options));
            Try(() => ThrowIfOtherIds(LakeDescription.Read(store).Ids, options.UserId, options.CountryId));
        }
        else
        {
            Try(() => ThrowIfNoCountries(options, wanted));
            Try(() => LoadZone(options.TimeZone ?? "UTC"));
        }

        if (faults.Count > 0)
        {
            throw faults.Count == 1 ? faults[0] : new AggregateException(faults);
        }

        if (isThere)
        {
            LakeReader.Open(store).ThrowIfLogIsDamaged();
        }

        return isThere;

        void Try(Action check)
        {
            try
            {
                check();
            }
            catch (LakeException e)
            {
                faults.Add(e);
            }
        }
    }

    /// <summary>Returns the lake's time zone and countries; creates the lake if there is none. The lock must be held.</summary>
    internal static (LakeTimeZone Zone, CountryTable Countries) OpenOrCreate(ILakeStore store, LakeOptions options)
    {
        CountryTable? wanted = options.WantedCountries(CountryTypeOf(store, options));
        MessageMapping? mapping = options.WantedMapping(LakeDescription.IdsOf(store));
        if (store.Find(LakePaths.Description) is null)
        {
            string zone = options.TimeZone ?? "UTC";
            LakeTimeZone loaded = LoadZone(zone);
            ThrowIfNoCountries(options, wanted);
            CountryTable countries = wanted ?? CountryTable.Notebook;
            CompletedFile completed;
            using (IFileWriter file = store.CreateTemporary(LakePaths.Temporary(LakePaths.Countries)))
            {
                file.Content.Write(countries.ToCsv());
                completed = file.Complete();
                store.Replace(new FileMove(completed.Path, LakePaths.Countries));
            }

            if (mapping is not null)
            {
                LakeMappings.Write(store, MessageMapping.DefaultName, mapping);
            }

            new LakeDescription(LakeDescription.FirstFormatVersion, zone, options.Partitions ?? 1) { CountriesCrc32C = completed.Crc32C }.Keeping(options.Keep ?? KeptFields.None).WithIds(options.Ids).Create(store);
            return (loaded, countries);
        }

        (LakeTimeZone Zone, CountryTable Countries) made = Read(store);

        // The process that created the lake may have been stopped before their names were durable: nothing may be accepted then.
        store.MakeNamesDurable([LakePaths.Countries, LakePaths.Description]);
        ThrowIfOtherZone(made.Zone, options);
        ThrowIfOtherIds(LakeDescription.Read(store).Ids, options.UserId, options.CountryId);
        ThrowIfOtherCountries(made.Countries, wanted);
        ThrowIfOtherMapping(store, mapping);
        ThrowIfKeepsOther(LakeDescription.Read(store), options);
        return made;
    }

    private static void ThrowIfOtherZone(LakeTimeZone made, LakeOptions options)
    {
        if (options.TimeZone is { } asked && asked != made.Id)
        {
            throw new LakeException(LakeFailure.Usage, $"The lake's time zone is {made.Id} and cannot be changed to {asked}; it is fixed when a lake is created.");
        }
    }

    /// <summary>Returns the type of the ids in a table of countries: that of the lake, or that which was asked for.</summary>
    internal static IdType CountryTypeOf(ILakeStore store, LakeOptions options) =>
        (LakeDescription.IdsOf(store) ?? options.Ids).Country;

    /// <summary>Refuses a lake whose ids are others than were asked for.</summary>
    internal static void ThrowIfOtherIds(IdTypes made, IdType? user, IdType? country)
    {
        ThrowIfOther("user_id", made.User, user);
        ThrowIfOther("country_id", made.Country, country);

        static void ThrowIfOther(string column, IdType made, IdType? asked)
        {
            if (asked is { } type && type != made)
            {
                throw new LakeException(LakeFailure.Usage, $"The lake's {column} is {IdTypes.Name(made)} and cannot be changed to {IdTypes.Name(type)}; it is fixed when a lake is created.");
            }
        }
    }

    // The notebook's table has numbers, and what a lake is created with stays.
    private static void ThrowIfNoCountries(LakeOptions options, CountryTable? wanted)
    {
        if (options.CountryId == IdType.Number64)
        {
            throw new LakeException(LakeFailure.Usage, "A lake's country_id is int32 or text, not int64.");
        }

        if (options.CountryId == IdType.Text && wanted is null)
        {
            throw new LakeException(LakeFailure.Usage, "A lake whose country_id is text has no countries of its own: give it a table with the columns country_id and country (--countries FILE, in an application OrleansLake:CountriesFile). One of the header alone leaves every country null.");
        }
    }

    private static void ThrowIfOtherCountries(CountryTable made, CountryTable? wanted)
    {
        if (wanted is not null && !wanted.ToCsv().AsSpan().SequenceEqual(made.ToCsv()))
        {
            throw new LakeException(LakeFailure.Usage, "The lake has other countries, and they are fixed when a lake is created; leave --countries (in an application OrleansLake:CountriesFile) out, or make another lake.");
        }
    }

    private static void ThrowIfOtherMapping(ILakeStore store, MessageMapping? wanted)
    {
        if (wanted is { } asked && new LakeMappings(store).Default is var made && made?.Text != asked.Text)
        {
            throw new LakeException(LakeFailure.Usage, $"The lake has {(made is null ? "no" : "another")} default mapping; `lake mapping set FILE` gives it this one.");
        }
    }

    private static void ThrowIfKeepsOther(LakeDescription lake, LakeOptions options)
    {
        if (options.Keep is { } asked && asked != lake.Keep)
        {
            throw new LakeException(LakeFailure.Usage, $"The lake keeps {(lake.Keep == KeptFields.None ? "nothing beside messages" : KeptFieldNames.Text(lake.Keep))}, and {(asked == KeptFields.None ? "nothing" : KeptFieldNames.Text(asked))} was asked for; `lake column keep {KeptFieldNames.Text(asked)}` changes it while nobody runs it.");
        }
    }

    /// <summary>Refuses a lake that has not as many partitions as were asked for.</summary>
    internal static void ThrowIfOtherPartitions(LakeDescription lake, LakeOptions options)
    {
        if (options.Partitions is { } asked && asked != lake.Partitions)
        {
            throw new LakeException(LakeFailure.Usage, $"The lake has {Counted.Of(lake.Partitions, "partition")}, and {asked} {(asked == 1 ? "was" : "were")} asked for; `lake repartition {asked}` changes it while nobody runs it.");
        }
    }

    /// <summary>Returns the description of a lake.</summary>
    internal static (LakeTimeZone Zone, CountryTable Countries) Read(ILakeStore store)
    {
        LakeDescription description = LakeDescription.Read(store);
        try
        {
            byte[] countries = store.ReadAll(LakePaths.Countries);
            if (description.CountriesCrc32C is { } crc && crc != Crc32C.Of(countries))
            {
                throw new FormatException("its checksum is not the one that lake.json has.");
            }

            return (LoadZone(description.TimeZone), CountryTable.FromCsv(countries, description.Ids.Country));
        }
        catch (Exception e) when (e is FormatException or FileNotFoundException)
        {
            throw new LakeException(LakeFailure.Damaged, $"{LakePaths.Countries} of the lake in {store.Location} is damaged or missing: {e.Message} Restore it.", e);
        }
    }

    private static LakeTimeZone LoadZone(string id)
    {
        try
        {
            return TimeZoneFiles.Load(id);
        }
        catch (Exception e) when (e is TimeZoneNotFoundException or InvalidTimeZoneException)
        {
            throw new LakeException(LakeFailure.Usage, e.Message, e);
        }
    }
}

namespace OrleansLake.Simulation.Stores;

/// <summary>Mistakes that the simulator must notice. They are made around the engine, so that it has no switch for them.</summary>
[Flags]
public enum PlantedBug
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Files and the log are not made durable when they are asked to be.</summary>
    SkipFileSync = 1,

    /// <summary>Names are not made durable.</summary>
    SkipFolderSync = 2,

    /// <summary>Data files and state get their names after the manifest that names them.</summary>
    PublishManifestFirst = 4,

    /// <summary>A frame is applied twice.</summary>
    ApplyTwice = 8,

    /// <summary>A first occurrence that an earlier one replaced stays in the reports.</summary>
    DropRetraction = 16,
}

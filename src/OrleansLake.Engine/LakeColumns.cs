using OrleansLake.Core.Columns;
using OrleansLake.Core.Messages;
using OrleansLake.Storage.Lakes;

namespace OrleansLake.Engine;

/// <summary>The columns that a lake has beside those of a message: what it keeps of records, and what it makes of that.</summary>
public static class LakeColumns
{
    /// <summary>Returns the types of the ids of the lake in a folder; null if there is none.</summary>
    public static IdTypes? Ids(string path) => LakeDescription.IdsOf(new LocalStore(path));

    /// <summary>Returns what a lake keeps.</summary>
    /// <param name="options">Where the lake is.</param>
    /// <exception cref="LakeException">There is none.</exception>
    public static KeptFields Kept(LakeOptions options) => Description(options).Keep;

    /// <summary>Returns the columns that a lake adds.</summary>
    /// <param name="options">Where the lake is.</param>
    /// <exception cref="LakeException">There is none.</exception>
    public static AddedColumns Added(LakeOptions options) => Description(options).Added;

    /// <summary>Keeps something from now on. Nobody may run the lake; rows that it has stay as they are.</summary>
    /// <param name="options">Where the lake is.</param>
    /// <param name="fields">What is kept.</param>
    /// <exception cref="LakeInUseException">Somebody runs the lake.</exception>
    /// <exception cref="LakeException">A column that the lake adds is made of what would not be kept any longer.</exception>
    public static Task KeepAsync(LakeOptions options, KeptFields fields) => ChangeAsync(options, description =>
    {
        if ((fields & KeptFields.Attributes) == 0 && !description.Added.IsEmpty)
        {
            throw new LakeException(LakeFailure.Usage, $"The lake has columns that are made of attributes ({description.Added}); keep attributes, or `lake column remove` them first.");
        }

        return description.Keep == fields ? description : description.Keeping(fields);
    });

    /// <summary>Adds a column from now on. Nobody may run the lake; the files that it has stay as they are until a replay.</summary>
    /// <param name="options">Where the lake is.</param>
    /// <param name="column">The column.</param>
    /// <exception cref="LakeInUseException">Somebody runs the lake.</exception>
    /// <exception cref="LakeException">The lake keeps no attributes, or has another column of the name.</exception>
    public static Task AddAsync(LakeOptions options, AddedColumn column)
    {
        ArgumentNullException.ThrowIfNull(column);
        return ChangeAsync(options, description =>
        {
            if ((description.Keep & KeptFields.Attributes) == 0)
            {
                string keep = KeptFieldNames.Text(description.Keep | KeptFields.Attributes);
                throw new LakeException(LakeFailure.Usage, $"The lake keeps no attributes, of which a column could be made; `lake column keep {keep}` keeps them from then on.");
            }

            if (description.Added.Find(column.Name) is { } known)
            {
                return known.ToString() == column.ToString() ? description
                    : throw new LakeException(LakeFailure.Usage, $"The lake has the column {known} already; choose another name, or `lake column remove {column.Name}` first.");
            }

            return description.Added.Columns.Length < AddedColumns.ColumnsMax ? description.Adding(AddedColumns.Of([.. description.Added.Columns, column]))
                : throw new LakeException(LakeFailure.Usage, $"The lake has {AddedColumns.ColumnsMax} columns of its own, and more are not supported; remove one first.");
        });
    }

    /// <summary>Has a column no longer, in files that are written from now on. Nobody may run the lake; its values stay in the attributes.</summary>
    /// <param name="options">Where the lake is.</param>
    /// <param name="name">The column's name.</param>
    /// <exception cref="LakeInUseException">Somebody runs the lake.</exception>
    /// <exception cref="LakeException">The lake adds no such column.</exception>
    public static Task RemoveAsync(LakeOptions options, string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return ChangeAsync(options, description => description.Added.Find(name) is { } column
            ? description.Adding(AddedColumns.Of(description.Added.Columns.Remove(column)))
            : throw new LakeException(LakeFailure.Usage, description.Added.IsEmpty ? $"The lake adds no column {name}: it adds none." : $"The lake adds no column {name}; it adds {description.Added}."));
    }

    private static LakeDescription Description(LakeOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ILakeStore store = options.OpenStore();
        LakeCreation.CheckFolder(store, options);
        return LakeDescription.Read(store);
    }

    private static async Task ChangeAsync(LakeOptions options, Func<LakeDescription, LakeDescription> change)
    {
        ArgumentNullException.ThrowIfNull(options);

        // It completes what an earlier owner left, and takes the lake's lock.
        await using Lake lake = await Lake.OpenAsync(options with { Keep = null }).ConfigureAwait(false);
        ILakeStore store = options.OpenStore();
        LakeDescription description = LakeDescription.Read(store);
        LakeDescription changed = change(description);
        if (changed != description)
        {
            changed.Replace(store);
        }
    }
}

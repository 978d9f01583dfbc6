using OrleansLake.Core.Reports;

namespace OrleansLake.Sinks.PostgreSql;

/// <summary>
/// A report in a schema: the table of its counts in long form, one row for each (<c>report1_long</c>), the names of its counted columns
/// (<c>report1_columns</c>), and the view with the report as the lake shows it (<c>report1</c>).
/// </summary>
internal sealed class SqlReport
{
    // PostgreSQL allows 1,664 expressions in a query's list, of which rows' keys and the total take some.
    private const int ViewColumnsMax = 1600;

    // Marks a row of the report that was removed.
    private const int NoColumn = 0;

    private readonly string _long;
    private readonly string _columns;
    private readonly string _view;
    private readonly string _stage;
    private readonly string _index;
    private readonly string _totalName;
    private readonly (string Name, string Type)[] _keys;

    // By what is counted; null cannot be a dictionary's key.
    private readonly Dictionary<string, Column> _known = new(StringComparer.Ordinal);
    private readonly HashSet<string> _viewNames = new(StringComparer.Ordinal);
    private Column? _null;

    /// <param name="schema">The schema's name.</param>
    /// <param name="definition">The report.</param>
    /// <param name="names">The names that are in use in the schema, to which its own are added.</param>
    internal SqlReport(string schema, ReportDefinition definition, HashSet<string> names)
    {
        Definition = definition;
        _view = Name("");
        _long = Name("_long");
        _columns = Name("_columns");
        _index = SqlNames.Quote(SqlNames.Fit(definition.Name, names, "_long_key"));
        _stage = $"{SqlNames.Quote(SqlNames.Fit(definition.Name, [], "_stage"))}";
        _keys = [.. definition.RowKeys.Select(field => (ReportDefinition.ColumnName(field), TypeOf(definition.ColumnType(field))))];
        _viewNames.UnionWith(_keys.Select(static key => key.Name));
        _totalName = SqlNames.Fit(definition.TotalColumn, _viewNames);
        _viewNames.Add(_totalName);

        string Name(string ending)
        {
            string name = SqlNames.Fit(definition.Name, names, ending);
            names.Add(name);
            return $"{SqlNames.Quote(schema)}.{SqlNames.Quote(name)}";
        }
    }

    /// <summary>Gets the report.</summary>
    internal ReportDefinition Definition { get; }

    /// <summary>Gets the table in long form, quoted.</summary>
    internal string LongTable => _long;

    /// <summary>Gets the columns that the table in long form is to have, with their types, as PostgreSQL shows them.</summary>
    internal string LongColumns => $"row_id uuid, {string.Join(", ", _keys.Select(static key => $"{key.Name} {key.Type}"))}, column_id integer, column_name text, value bigint, epoch bigint, step bigint";

    /// <summary>Gets what makes its tables, where they are not there.</summary>
    internal string CreateTables => $"""
        create table if not exists {_long} (row_id uuid not null, {KeyTypes}, column_id integer not null, column_name text not null, value bigint not null,
            epoch bigint not null, step bigint not null, primary key (row_id, column_id));
        create index if not exists {_index} on {_long} using {(_keys[0].Type == "text" ? "hash" : "btree")} ({SqlNames.Quote(_keys[0].Name)});
        create table if not exists {_columns} (column_id integer primary key, counted text, column_name text not null, view_column text not null);
        """;

    /// <summary>Gets what makes the table that changes are copied to first.</summary>
    internal string CreateStage => $"create temp table if not exists {_stage} (row_id uuid not null, {KeyTypes}, column_id integer not null, value bigint not null) on commit delete rows;";

    /// <summary>Gets what reads the columns that there are.</summary>
    internal string ReadColumns => $"select column_id, counted, column_name, view_column from {_columns} order by column_id";

    /// <summary>Gets what copies into the table of changes.</summary>
    internal string CopyStage => $"copy {_stage} (row_id, {KeyNames}, column_id, value) from stdin (format binary)";

    /// <summary>Gets what says whether there is no count yet.</summary>
    internal string IsEmpty => $"select not exists (select from {_long})";

    /// <summary>Gets what copies into the table itself, while it is empty.</summary>
    internal string CopyLong => $"copy {_long} (row_id, {KeyNames}, column_id, value, column_name, epoch, step) from stdin (format binary)";

    /// <summary>
    /// Gets what writes the changes, of parameters epoch and step. A row is written only if it is not there as it is:
    /// the conflict clause alone would lock every row, which is a write.
    /// </summary>
    internal string Upsert => $"""
        insert into {_long} as t (row_id, {KeyNames}, column_id, column_name, value, epoch, step)
        select s.row_id, {string.Join(", ", _keys.Select(static key => $"s.{SqlNames.Quote(key.Name)}"))}, s.column_id, c.column_name, s.value, $1, $2
        from {_stage} s join {_columns} c on c.column_id = s.column_id left join {_long} o on o.row_id = s.row_id and o.column_id = s.column_id
        where o.value is distinct from s.value
        on conflict (row_id, column_id) do update set value = excluded.value, epoch = excluded.epoch, step = excluded.step
        """;

    /// <summary>Gets what deletes counts that a whole report does not have.</summary>
    internal string DeleteOthers => $"delete from {_long} t where not exists (select from {_stage} s where s.row_id = t.row_id and s.column_id = t.column_id)";

    /// <summary>Gets what deletes counts that the rows of a change do not have.</summary>
    internal string DeleteChanged => $"""
        delete from {_long} t using (select distinct row_id from {_stage}) r
        where t.row_id = r.row_id and not exists (select from {_stage} s where s.row_id = t.row_id and s.column_id = t.column_id)
        """;

    /// <summary>Adds a column that is there.</summary>
    internal void Add(int id, string? counted, string name, string viewName)
    {
        var column = new Column(id, counted, name, viewName);
        if (counted is null)
        {
            _null = column;
        }
        else
        {
            _known[counted] = column;
        }

        _viewNames.Add(viewName);
    }

    /// <summary>Returns the ids and names of a table's counted columns, in their order, and what is to be run before they are used: null if nothing is.</summary>
    internal (int[] Ids, string[] Names, string? Sql) ColumnsOf(ReportTable table)
    {
        int[] ids = new int[table.Values.Count];
        string[] names = [.. table.CountedNames.Select(SqlNames.Text)];
        var sql = new List<string>();
        for (int i = 0; i < ids.Length; i++)
        {
            string? value = table.Values[i] is { } text ? SqlNames.Text(text) : null;
            string name = names[i];
            Column? known = value is null ? _null : _known.GetValueOrDefault(value);
            if (known is null)
            {
                known = new Column(_known.Count + (_null is null ? 1 : 2), value, name, SqlNames.Fit(name, _viewNames));
                Add(known.Id, value, name, known.ViewName);
                sql.Add($"insert into {_columns} values ({known.Id}, {(value is null ? "null" : SqlNames.Literal(value))}, {SqlNames.Literal(name)}, {SqlNames.Literal(known.ViewName)});");
            }
            else if (known.Name != name)
            {
                Add(known.Id, value, name, known.ViewName);
                sql.Add($"update {_columns} set column_name = {SqlNames.Literal(name)} where column_id = {known.Id};");
                sql.Add($"update {_long} set column_name = {SqlNames.Literal(name)} where column_id = {known.Id};");
            }

            ids[i] = known.Id;
        }

        return (ids, names, sql.Count == 0 ? null : string.Join('\n', sql.Append(CreateView)));
    }

    /// <summary>Gets what makes the view, or adds columns to it: new ones come last, as those who use it know its columns by their places, too.</summary>
    internal string CreateView
    {
        get
        {
            IEnumerable<string> counts = _known.Values.Concat(_null is null ? [] : [_null]).OrderBy(static column => column.Id).Take(ViewColumnsMax)
                .Select(column => $"{Cell(column.Id)} as {SqlNames.Quote(column.ViewName)}");
            string[] list = [.. _keys.Select(static key => SqlNames.Quote(key.Name)), $"sum(value)::bigint as {SqlNames.Quote(_totalName)}", .. counts];
            return $"create or replace view {_view} as select {string.Join(", ", list)} from {_long} group by row_id, {KeyNames};";
        }
    }

    /// <summary>Gets the number that marks a removed row, in place of a column's.</summary>
    internal static int RowMark => NoColumn;

    private string KeyNames => string.Join(", ", _keys.Select(static key => SqlNames.Quote(key.Name)));

    private string KeyTypes => string.Join(", ", _keys.Select(static key => $"{SqlNames.Quote(key.Name)} {key.Type}"));

    private string Cell(int id)
    {
        string count = $"max(value) filter (where column_id = {id})";
        return Definition.AbsentCell == AbsentCell.Zero ? $"coalesce({count}, 0)" : count;
    }

    private static string TypeOf(ReportColumnType type) => type switch
    {
        ReportColumnType.Date => "date",
        ReportColumnType.Number => "integer",
        ReportColumnType.LongNumber => "bigint",
        _ => "text",
    };

    private sealed record Column(int Id, string? Counted, string Name, string ViewName);
}

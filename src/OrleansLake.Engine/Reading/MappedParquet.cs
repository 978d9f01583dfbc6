using System.Text;
using OrleansLake.Core.Mapping;
using OrleansLake.Core.Messages;
using OrleansLake.Core.Parsing;
using OrleansLake.Engine.Input;
using OrleansLake.Parquet;

namespace OrleansLake.Engine.Reading;

/// <summary>
/// Reads messages from a Parquet file through a mapping: a path leads to a column, from struct to struct, and on into the JSON in a column
/// of text. Only columns to which paths lead are read. What a file does not have may be in its path, as <see cref="HivePath"/> says.
/// </summary>
internal sealed class MappedParquet
{
    // Of the columns of a file that holds no messages, which may be thousands.
    private const int NamesShownMax = 20;

    private readonly ParquetReader _reader;
    private readonly RecordRules _rules;
    private readonly MessageMapping _mapping;
    private readonly IReadOnlyDictionary<string, string?> _inPath;
    private readonly List<MappedColumn> _columns = [];
    private readonly Dictionary<FieldPath, (int Column, int Names)?> _places = [];

    // A name with dots is one name here, if it is one column's.
    private readonly PathNode _root = new();

    /// <param name="reader">The open file.</param>
    /// <param name="relativePath">Its path below the folder that is read, for columns in the path.</param>
    /// <param name="rules">The rules of the ingest.</param>
    /// <param name="mapping">How rows become messages.</param>
    /// <exception cref="ParquetException">It has no columns of which messages can be made, or one that cannot be read.</exception>
    internal MappedParquet(ParquetReader reader, string relativePath, RecordRules rules, MessageMapping mapping)
    {
        _reader = reader;
        _rules = rules;
        _mapping = mapping;
        _inPath = HivePath.Values(relativePath);
        int slot = 0;
        foreach (FieldMapping field in mapping.Fields.OfType<FieldMapping>())
        {
            foreach (FieldPath path in field.From)
            {
                _places[path] = Find(path, field.Column.Name, slot++);
            }
        }

        MappedRow row = NewRow(new LeftOutFields());
        Columns = row.Columns;
        if (row.DescribeMissing() is { } missing)
        {
            IEnumerable<string> names = _reader.Columns.SelectMany(static column => LeavesOf(column, column.Name)).Concat(_inPath.Keys);
            throw new ParquetException(
                ParquetErrorKind.MissingColumn,
                $"{reader.Name}: it has no column {missing}; it has: {ShownText.Of(Encoding.UTF8.GetBytes(string.Join(", ", names.Take(NamesShownMax))))}.");
        }
    }

    /// <summary>Gets the fields that the columns, or the mapping itself, have values for.</summary>
    internal KnownColumns Columns { get; }

    /// <summary>Returns whether a column is read, by its path: it, or a struct that it is in.</summary>
    internal bool Takes(string path) => _columns.Exists(column => column.Name == path || path.StartsWith($"{column.Name}.", StringComparison.Ordinal));

    /// <summary>Returns all rows, in order.</summary>
    /// <exception cref="ParquetException">The file is damaged.</exception>
    internal IEnumerable<ParsedRows> Rows(ParallelWork work) => RowGroups.InOrder(_reader.RowGroupCount, work, ReadRows);

    /// <summary>Opens the rows of a row group.</summary>
    /// <exception cref="ParquetException">The row group is damaged.</exception>
    internal MappedRowGroup Open(int group)
    {
        var leftOut = new LeftOutFields();
        MappedRow row = NewRow(leftOut);
        return new MappedRowGroup(_reader, group, _columns, row, leftOut, _inPath) { Keeping = _rules.NewRowKeeping(_root, row.Values), Ids = _rules.NewRecordIds() };
    }

    private List<ParsedRows> ReadRows(int group)
    {
        MappedRowGroup rows = Open(group);
        int count = _reader.RowCountOf(group);
        long first = _reader.Metadata.RowGroups.Take(group).Sum(static one => one.RowCount) + 1;
        var taken = new List<ParsedRows>();
        for (int start = 0; start < count; start += ParquetMessages.BatchRows)
        {
            var messages = new MessageBatch();
            var rejections = new List<Rejection>();
            int end = Math.Min(count, start + ParquetMessages.BatchRows);
            messages.Reserve(end - start);
            for (int row = start; row < end; row++)
            {
                rows.Read(row, first + row, messages, rejections);
            }

            taken.Add(new ParsedRows(messages, rejections, end - start, rows.TakeLeftOut()));
        }

        return taken;
    }

    private MappedRow NewRow(LeftOutFields leftOut) => new(_rules.NewMappedValues(_mapping), [.. _columns.Select(static column => column.Name)], leftOut, path => _places.GetValueOrDefault(path));

    private (int Column, int Names)? Find(FieldPath path, string field, int slot)
    {
        string[] names = [.. path.Names];
        if (Find(_reader.Columns, names, path.IsPointer, []) is var (columns, used))
        {
            _root.Add([.. columns.Select(static column => column.Name), .. names[used..]], slot);
            return (Add(Checked(columns[^1], path, field), string.Join('.', names[..used]), null), used);
        }

        for (int length = path.IsPointer ? 1 : names.Length; length > 0; length--)
        {
            string name = string.Join('.', names[..length]);
            if (_inPath.TryGetValue(name, out string? value))
            {
                _root.Add([name, .. names[length..]], slot);
                return (Add(null, name, value), length);
            }
        }

        return null;
    }

    private int Add(ParquetColumn? column, string name, string? inPath)
    {
        int known = _columns.FindIndex(one => ReferenceEquals(one.Column, column) && one.Name == name);
        if (known < 0)
        {
            known = _columns.Count;
            _columns.Add(new MappedColumn(name, column, inPath));
        }

        return known;
    }

    // The column with the structs around it: the longest name that a path goes on with, since a column may have dots in it.
    private (ParquetColumn[] Columns, int Names)? Find(IReadOnlyList<ParquetColumn> columns, ReadOnlySpan<string> names, bool isPointer, ParquetColumn[] around)
    {
        for (int length = isPointer ? Math.Min(1, names.Length) : names.Length; length > 0; length--)
        {
            string name = string.Join('.', names[..length]!);
            ParquetColumn[] found = [.. columns.Where(column => column.Name == name)];
            if (found.Length > 1)
            {
                throw Refused($"it has {found.Length} columns '{name}', but each column is expected once.");
            }

            if (found is [var column])
            {
                if (length == names.Length || !IsStruct(column))
                {
                    return ([.. around, column], length);
                }

                if (Find(column.Fields, names[length..], isPointer, [.. around, column]) is var (within, used))
                {
                    return (within, length + used);
                }
            }
        }

        return null;
    }

    private ParquetColumn Checked(ParquetColumn column, FieldPath path, string field)
    {
        bool isRead = IsStruct(column) ? MappedRowGroup.LeafIn(column) is not null : MessageColumnTypes.FormOf(column) != ValueForm.Other;
        return isRead ? column : throw Refused(
            $"column '{column.Name}' is {column.TypeText}, which a mapping does not read, but {field} is taken from {path}: give {field} another path, or null.");
    }

    private ParquetException Refused(string fault) => new(ParquetErrorKind.TypeMismatch, $"{_reader.Name}: {fault}");

    private static bool IsStruct(ParquetColumn column) => column is { StoredAs: null, IsRepeated: false, Logical: LogicalType.Struct };

    private static IEnumerable<string> LeavesOf(ParquetColumn column, string name) =>
        IsStruct(column) ? column.Fields.SelectMany(field => LeavesOf(field, $"{name}.{field.Name}")) : [name];
}

using Orchestrator.Text;

namespace Orchestrator.Configuration;

/// <summary>
/// Holds a tree against the vocabulary and reports everything that does not fit: keys, kinds, ranges, words. What the words mean
/// together is not its business.
/// </summary>
internal sealed class StructureValidator(ProblemCollector problems)
{
    /// <summary>Checks a whole file.</summary>
    public void Check(DocumentNode root)
    {
        DuplicateKeys.Report(root, problems);
        Check(root, SweepVocabulary.Root, "", root.Place);
    }

    private void Check(DocumentNode node, Shape shape, string path, Place place)
    {
        switch (shape)
        {
            case not TextShape when node is ScalarNode { LargeInteger: { } written }:
                problems.Error(SweepErrorCodes.OutOfRange, path, place,
                    $"{NameOf(path)} is the integer {ScalarNode.OnOneLine(written)}, which 64 bits cannot hold; write it as a float ({written}.0) or in quotes, as text.");
                break;
            case NamedShape named:
                Check(node, named.Target(), path, place);
                break;
            case KindShape kinds when OfKind(kinds, node) is { } inner:
                Check(node, inner, path, place);
                break;
            case ListShape list when node is SequenceNode sequence:
                CheckList(sequence, list, path, place);
                break;
            case MapShape map when node is MappingNode mapping:
                CheckMap(mapping, map, path, place);
                break;
            case ObjectShape keys when node is MappingNode mapping:
                CheckObject(mapping, keys, path, place);
                break;
            case VariantShape variants when node is MappingNode mapping:
                CheckVariants(mapping, variants, path, place);
                break;
            case AnyShape when node is not ScalarNode:
                CheckInside(node, path);
                break;
            case not (KindShape or ListShape or MapShape or ObjectShape or VariantShape) when node is ScalarNode scalar:
                if (ScalarRules.Check(scalar, shape) is var (code, text))
                    problems.Error(code, path, place, $"{NameOf(path)} {text}");
                break;
            default:
                problems.Error(SweepErrorCodes.WrongKind, path, place,
                    $"{NameOf(path)} must be {shape.Expected}, but is {node.Described}.");
                break;
        }
    }

    private static Shape? OfKind(KindShape kinds, DocumentNode node) => node switch
    {
        ScalarNode => kinds.Scalar,
        SequenceNode => kinds.List,
        _ => kinds.Mapping,
    };

    private void CheckList(SequenceNode node, ListShape shape, string path, Place place)
    {
        if (node.Items.Count < shape.MinItems)
            problems.Error(SweepErrorCodes.OutOfRange, path, place, $"{NameOf(path)} is empty; it must be {shape.Expected}.");
        if (node.Items.Count > shape.MaxItems)
            problems.Error(SweepErrorCodes.NotBuilt, path, node.Items[shape.MaxItems].Place,
                shape.NotBuiltBeyond ?? $"{NameOf(path)} must be {shape.Expected}.");
        for (var i = 0; i < node.Items.Count; i++)
            Check(node.Items[i], shape.Item, JsonPointer.Append(path, i), node.Items[i].Place);
    }

    private void CheckMap(MappingNode node, MapShape shape, string path, Place place)
    {
        if (node.Entries.Count < shape.MinItems)
            problems.Error(SweepErrorCodes.OutOfRange, path, place, $"{NameOf(path)} is empty; it must be {shape.Expected}.");
        foreach (var entry in node.Entries)
            CheckEntry(entry, shape.Value, path);
    }

    private void CheckEntry(MappingEntry entry, Shape shape, string path) =>
        Check(entry.Value, shape, JsonPointer.Append(path, entry.Key), entry.Value is ScalarNode ? entry.Value.Place : entry.KeyPlace);

    private void CheckObject(MappingNode node, ObjectShape shape, string path, Place place)
    {
        foreach (var entry in node.Entries)
        {
            var key = shape.Find(entry.Key);
            if (key is null && shape.Others is null)
                ReportUnknownKey(node, entry, shape.Keys, path, shape.Foreign);
            else if (key?.NotBuilt is { } sentence)
                ReportNotBuilt(node, entry, shape, path, sentence);
            else
                CheckEntry(entry, key?.Shape ?? shape.Others!, path);
        }

        foreach (var (first, second, advice) in shape.Exclusive)
        {
            if (node.TryFind(first, out var one) && node.TryFind(second, out var other))
            {
                var later = node.Entries.SkipWhile(e => e != one && e != other).Skip(1).First(e => e == one || e == other);
                problems.Error(SweepErrorCodes.Contradiction, JsonPointer.Append(path, later.Key), later.KeyPlace,
                    $"Both '{first}' and '{second}' are given; {advice}.");
            }
        }

        ReportMissing(node, shape.Keys, path, place);
    }

    private void ReportMissing(MappingNode node, IEnumerable<KeyInfo> keys, string path, Place place)
    {
        foreach (var key in keys.Where(k => k.IsRequired && !node.TryFind(k.Name, out _)))
        {
            var keyPath = JsonPointer.Append(path, key.Name);
            if (!problems.IsInDoubt(keyPath)) // a mistyped key has been reported as such
                problems.Error(SweepErrorCodes.MissingKey, keyPath, place, $"{NameOf(path)} lacks '{key.Name}': {key.Shape.Expected}.");
        }
    }

    private void ReportUnknownKey(
        MappingNode node, MappingEntry entry, IReadOnlyCollection<KeyInfo> keys, string path, IReadOnlyDictionary<string, ForeignWord> foreign)
    {
        if (foreign.GetValueOrDefault(entry.Key) is { } word)
        {
            var notBuilt = keys.FirstOrDefault(k => k.Name == word.Key)?.NotBuilt;
            problems.Error(SweepErrorCodes.UnknownKey, JsonPointer.Append(path, entry.Key), entry.KeyPlace,
                $"Unknown key '{entry.Key}'{word.Hint} {notBuilt}".TrimEnd());
            TouchIfMissing(node, path, word.Key);
            return;
        }

        string[] names = [.. keys.Where(k => k.Name[0] != '$').Select(k => k.Name)];
        var inside = path.Length == 0 ? "" : $" in {NameOf(path)}";
        problems.Error(SweepErrorCodes.UnknownKey, JsonPointer.Append(path, entry.Key), entry.KeyPlace,
            $"Unknown key {ScalarNode.Clip(entry.Key)}{inside}{Suggestion.Hint(entry.Key, names)}");
        if (Suggestion.Nearest(entry.Key, names) is { } meant)
            TouchIfMissing(node, path, meant);
    }

    /// <summary>A key that was meant is not missing; one that stands there as well is checked as ever.</summary>
    private void TouchIfMissing(MappingNode node, string path, string key)
    {
        if (!node.TryFind(key, out _))
            problems.Touch(JsonPointer.Append(path, key));
    }

    private void ReportNotBuilt(MappingNode node, MappingEntry entry, ObjectShape shape, string path, string sentence)
    {
        problems.Error(SweepErrorCodes.NotBuilt, JsonPointer.Append(path, entry.Key), entry.KeyPlace, sentence);
        foreach (var (first, second, _) in shape.Exclusive.Where(e => e.Second == entry.Key))
            TouchIfMissing(node, path, first); // given in the other way: it is not missing
    }

    private void CheckVariants(MappingNode node, VariantShape shape, string path, Place place)
    {
        if (node.TryFind("distribution", out var law) && law.Value is ScalarNode { Value: { Kind: ParameterKind.Text } text } named
            && OtherTools.Distributions.TryGetValue(text.AsText(), out var form))
        {
            problems.Error(SweepErrorCodes.UnknownValue, JsonPointer.Append(path, "distribution"), named.Place,
                $"'{text}' is no law{form.Hint}");
            return;
        }

        ObjectShape[] matching = [.. shape.Variants.Where(v => v.Keys.Any(k => node.TryFind(k.Name, out _)))];
        var common = shape.Common;
        if (shape.Beside is { } beside && matching.Length > 1 && matching.Contains(beside))
        {
            matching = [.. matching.Where(v => v != beside)];
            common = [.. common, .. beside.Keys];
        }

        if (matching.Length > 1)
        {
            // Of forms that share keys the one that has all of them is meant; of several the one whose own key is there.
            string[] given = [.. node.Entries.Select(e => e.Key).Where(k => common.All(c => c.Name != k))];
            ObjectShape[] whole = [.. matching.Where(v => given.All(k => v.Find(k) is not null || matching.All(m => m.Find(k) is null)))];
            matching = whole.FirstOrDefault(v => v.Keys.Any(k => k.IsRequired && node.TryFind(k.Name, out _))) is { } meant ? [meant]
                : whole.Length > 0 ? [whole[0]]
                : matching;
        }

        if (matching.Length == 1)
        {
            CheckObject(node, matching[0] with { Keys = [.. matching[0].Keys, .. common], Foreign = shape.Foreign }, path, place);
            return;
        }

        var all = shape.Variants.SelectMany(v => v.Keys).Concat(shape.Common).DistinctBy(k => k.Name).ToArray();
        foreach (var entry in node.Entries.Where(e => all.All(k => k.Name != e.Key)))
            ReportUnknownKey(node, entry, all, path, shape.Foreign);
        foreach (var entry in node.Entries.Where(e => shape.Common.Any(k => k.Name == e.Key)))
            CheckEntry(entry, shape.Common.First(k => k.Name == entry.Key).Shape, path);
        if (matching.Length > 1)
        {
            var parts = matching.Select(v => $"'{v.Keys.First(k => node.TryFind(k.Name, out _)).Name}' belongs to {v.Expected}");
            problems.Error(SweepErrorCodes.Contradiction, path, place,
                $"{NameOf(path)} mixes several forms: {string.Join(", ", parts)}; use one.");
        }
        else if (problems.IsSound(path))
        {
            problems.Error(SweepErrorCodes.MissingKey, path, place,
                $"{NameOf(path)} says nothing about its values; expected is {shape.Expected}.");
        }
    }

    /// <summary>Where anything goes, numbers are finite still: no file format of ours could hold others.</summary>
    private void CheckInside(DocumentNode node, string path)
    {
        if (node is SequenceNode sequence)
        {
            for (var i = 0; i < sequence.Items.Count; i++)
                Check(sequence.Items[i], new AnyShape(), JsonPointer.Append(path, i), sequence.Items[i].Place);
        }
        else if (node is MappingNode mapping)
        {
            foreach (var entry in mapping.Entries)
                CheckEntry(entry, new AnyShape(), path);
        }
    }

    /// <summary>A path as a person writes it: <c>'limits.maxRuns'</c>, <c>'zip[0][1]'</c>.</summary>
    private static string NameOf(string path)
    {
        if (path.Length == 0)
            return "The file";
        var name = string.Concat(JsonPointer.Segments(path).Select((s, i) =>
            s.Length > 0 && s.All(char.IsAsciiDigit) ? $"[{s}]" : i == 0 ? s : "." + s));
        return ScalarNode.Clip(name);
    }
}

using System.Globalization;
using Orchestrator.Numerics;
using Orchestrator.SearchSpaces;

namespace Orchestrator.Tests.SearchSpaces;

/// <summary>
/// A small random search space together with its points, found by trying everything: written against the rules, not against the
/// implementation.
/// </summary>
internal sealed class RandomSpace
{
    private readonly SeededRandom _random;
    private readonly List<Axis> _axes = [];
    private readonly List<Func<Dictionary<string, ParameterValue>, bool>> _rules = [];
    private readonly List<string> _constraints = [];
    private readonly List<IReadOnlyDictionary<string, ParameterValue>> _excludes = [];

    public RandomSpace(long seed)
    {
        _random = new SeededRandom(seed);
        var count = _random.Next(1, 7);
        for (var i = 0; i < count; i++)
            AddAxis(i);
        for (var i = _random.Next(4); i > 0; i--)
            AddConstraint();
        for (var i = _random.Next(3); i > 0; i--)
            AddExclude();
        Definition = Define();
    }

    public SearchSpaceDefinition Definition { get; }

    private List<Member> Members => [.. _axes.SelectMany(a => a.Members)];

    /// <summary>All valid points, the last axis fastest, none twice.</summary>
    public List<ParameterSet> Enumerate()
    {
        List<ParameterSet> points = [];
        HashSet<ParameterSet> seen = [];
        var names = SearchSpace.Create(Definition).Parameters.Select(p => p.Name).ToArray();
        Visit(0, []);
        return points;

        void Visit(int depth, Dictionary<string, ParameterValue> chosen)
        {
            if (depth == _axes.Count)
            {
                var set = new ParameterSet(names.Where(chosen.ContainsKey).Select(n => KeyValuePair.Create(n, chosen[n])));
                if (_rules.TrueForAll(r => r(chosen)) && seen.Add(set))
                    points.Add(set);
                return;
            }

            for (var i = 0; i < _axes[depth].Members[0].Values.Length; i++)
            {
                var next = new Dictionary<string, ParameterValue>(chosen);
                foreach (var member in _axes[depth].Members)
                {
                    if (member.Conditions.All(c => chosen.TryGetValue(c.Key, out var v) && c.Value.Contains(v)))
                        next[member.Name] = member.Values[i];
                }

                Visit(depth + 1, next);
            }
        }
    }

    private void AddAxis(int number)
    {
        var size = _random.Next(1, 6);
        var zipped = size > 1 && _random.Next(4) == 0 ? 2 : 1;
        var earlier = Members;
        List<Member> members = [];
        for (var m = 0; m < zipped; m++)
        {
            var group = _random.Next(4) == 0 ? $"g{number}{m}" : null;
            var (parameter, values) = Values(size, zipped > 1, m);
            var conditions = Enumerable.Range(0, earlier.Count > 0 && _random.Next(2) == 0 ? _random.Next(1, 3) : 0)
                .Select(_ => Pick(earlier)).DistinctBy(e => e.Name)
                .ToDictionary(e => e.Name, e => (IReadOnlyList<ParameterValue>)[.. Enumerable.Range(0, _random.Next(1, 3)).Select(_ => Pick(e.Values)).Distinct()]);
            members.Add(new Member((group is null ? "" : group + ".") + $"p{number}{m}", group, parameter, values, conditions));
        }

        _axes.Add(new Axis(members));
    }

    private (Parameter Parameter, ParameterValue[] Values) Values(int size, bool zipped, int member)
    {
        switch (_random.Next(zipped ? 3 : 5))
        {
            case 0:
                return (Parameter.Int(1, size), [.. Enumerable.Range(1, size).Select(i => (ParameterValue)i)]);
            case 1:
                var texts = Enumerable.Range(0, size).Select(i => (ParameterValue)$"t{i}").ToArray();
                return (Parameter.Choice(texts), texts);
            case 2 when zipped && member > 0: // repeated values are fine while the first member tells the tuples apart
                var repeated = Enumerable.Range(0, size).Select(i => (ParameterValue)(i / 2)).ToArray();
                return (Parameter.Choice(repeated), repeated);
            case 3 when size > 1:
                return (Parameter.Float(0, 1, points: size), [.. Enumerable.Range(0, size).Select(i => (ParameterValue)(i == size - 1 ? 1.0 : (double)(i / (decimal)(size - 1))))]);
            case 4:
                return (Parameter.Constant(7), [7]);
            default:
                var numbers = Enumerable.Range(0, size).Select(i => (ParameterValue)(size - i)).ToArray();
                return (Parameter.Choice(numbers), numbers);
        }
    }

    private void AddConstraint()
    {
        var numeric = Members.Where(m => m.Values[0].IsNumber).ToList();
        if (numeric.Count == 0)
            return;
        var (x, y) = (Pick(numeric), Pick(numeric));
        var other = Pick(Members);
        var bound = _random.Next(2, 8);
        (string Text, string[] Names, Func<Dictionary<string, ParameterValue>, bool> Rule) made = _random.Next(4) switch
        {
            0 => ($"{x.Name} + {y.Name} <= {bound}", [x.Name, y.Name], v => v[x.Name].AsDouble() + v[y.Name].AsDouble() <= bound),
            1 => ($"{x.Name} != {bound} or {y.Name} * 2 >= {bound}", [x.Name, y.Name],
                v => v[x.Name].AsDouble() != bound || v[y.Name].AsDouble() * 2 >= bound),
            2 => (string.Create(CultureInfo.InvariantCulture, $"active({other.Name}) => {x.Name} < {bound / 2.0}"), [x.Name],
                v => !v.ContainsKey(other.Name) || v[x.Name].AsDouble() < bound / 2.0),
            _ => (string.Create(CultureInfo.InvariantCulture, $"{x.Name} in [1, {bound}, 2, 0.5, 7]"), [x.Name],
                v => v[x.Name] == 1 || v[x.Name] == bound || v[x.Name] == 2 || v[x.Name] == 0.5 || v[x.Name] == 7),
        };
        _constraints.Add(made.Text);
        _rules.Add(v => made.Names.Any(n => !v.ContainsKey(n)) || made.Rule(v));
    }

    private void AddExclude()
    {
        var members = Enumerable.Range(0, _random.Next(1, 3)).Select(_ => Pick(Members)).DistinctBy(m => m.Name).ToList();
        var terms = members.ToDictionary(m => m.Name, m => Enumerable.Range(0, _random.Next(1, 3)).Select(_ => Pick(m.Values)).ToArray());
        _excludes.Add(terms.ToDictionary(t => t.Key, t => t.Value.Length == 1 ? t.Value[0] : ParameterValue.FromList(t.Value)));
        _rules.Add(v => !terms.All(t => v.TryGetValue(t.Key, out var value) && t.Value.Contains(value)));
    }

    private SearchSpaceDefinition Define()
    {
        var parameters = new ParameterCollection();

        // Second members of zips stand last in the file; the axis stays where its first member is.
        foreach (var member in _axes.Select(a => a.Members[0]).Concat(_axes.SelectMany(a => a.Members.Skip(1))))
        {
            var parameter = member.Parameter with { Condition = member.Conditions };
            if (member.Group is null)
                parameters.Add(member.Name, parameter);
            else
                parameters.Add(member.Group, Group(member, parameter));
        }

        return new SearchSpaceDefinition
        {
            Parameters = parameters,
            Zip = [.. _axes.Where(a => a.Members.Count > 1).Select(a => a.Members.Select(m => m.Name).ToArray())],
            Exclude = _excludes,
            Constraints = _constraints,
        };
    }

    /// <summary>Half of the groups carry the condition themselves: it is inherited.</summary>
    private ParameterGroup Group(Member member, Parameter parameter)
    {
        var name = member.Name.Split('.')[1];
        return _random.Next(2) == 0
            ? Parameter.Group(new ParameterCollection { [name] = parameter })
            : Parameter.Group(new ParameterCollection { [name] = member.Parameter }) with { Condition = member.Conditions };
    }

    private T Pick<T>(IReadOnlyList<T> items) => items[_random.Next(items.Count)];

    private sealed record Axis(List<Member> Members);

    private sealed record Member(
        string Name, string? Group, Parameter Parameter, ParameterValue[] Values, Dictionary<string, IReadOnlyList<ParameterValue>> Conditions);
}

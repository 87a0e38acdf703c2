using Orchestrator.Text;

namespace Orchestrator.SearchSpaces;

/// <summary>Takes nested groups apart: their members get full names and their conditions.</summary>
internal sealed class Flattener(ProblemList problems)
{
    private const int DeepestGroup = 32;

    public List<Draft> Drafts { get; } = [];

    /// <summary>Those that are computed from others.</summary>
    public List<Draft> Computed { get; } = [];

    /// <summary>The full names of the groups.</summary>
    public HashSet<string> Groups { get; } = new(StringComparer.Ordinal);

    public void Add(ParameterCollection parameters, string prefix, string path, IReadOnlyList<ConditionDraft> inherited, int depth = 0)
    {
        foreach (var (name, parameter) in parameters)
        {
            var own = JsonPointer.Append(path, name);
            if (name.Length == 0 || name.Contains('.', StringComparison.Ordinal))
            {
                problems.Error("SWP101", own, name.Length == 0
                    ? "A parameter needs a name."
                    : $"'{name}' contains a dot: dots stand between the name of a nested group and that of its member; "
                        + "rename it, or nest it in a group.");
            }

            IReadOnlyList<ConditionDraft> conditions =
            [
                .. inherited,
                .. parameter.Condition.Select(c => new ConditionDraft(c.Key, c.Value, JsonPointer.Append(own + "/when", c.Key))),
            ];
            if (parameter is not ParameterGroup group)
            {
                Add(new Draft(prefix + name, own, parameter, conditions));
                continue;
            }

            if (group.Own is { } itself)
                AddOwn(itself, prefix + name, own, conditions);
            Groups.Add(prefix + name);
            if (group.Parameters.Count == 0)
                problems.Error("SWP115", own, $"The group '{prefix}{name}' has no parameters; add one, or leave the group out.");
            if (depth == DeepestGroup)
                problems.Error("SWP115", own, $"Groups are nested more than {DeepestGroup} deep; flatten them.");
            else
                Add(group.Parameters, $"{prefix}{name}.", own + "/parameters", conditions, depth + 1);
        }
    }

    private void AddOwn(Parameter parameter, string name, string path, IReadOnlyList<ConditionDraft> conditions)
    {
        if (parameter is ParameterGroup || parameter.Condition.Count > 0)
            problems.Error("SWP115", path, $"What the group '{name}' is itself is no group and has no condition of its own; nest the one, and put the other on the group.");
        else
            Add(new Draft(name, path, parameter, conditions));
    }

    private void Add(Draft draft) => (draft.Definition is Computed ? Computed : Drafts).Add(draft);
}

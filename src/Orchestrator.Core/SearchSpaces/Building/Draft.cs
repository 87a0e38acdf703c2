namespace Orchestrator.SearchSpaces;

/// <summary>A parameter on its way from the definition into the space.</summary>
internal sealed class Draft(string name, string path, Parameter definition, IReadOnlyList<ConditionDraft> conditions)
{
    public string Name { get; } = name;

    public string Path { get; } = path;

    public Parameter Definition { get; } = definition;

    /// <summary>Its own conditions and those of its groups.</summary>
    public IReadOnlyList<ConditionDraft> Conditions { get; } = conditions;

    /// <summary><see langword="null"/> when the definition is wrong.</summary>
    public Domain? Domain { get; set; }

    /// <summary>The number of the zip it belongs to, or -1.</summary>
    public int Zip { get; set; } = -1;
}

/// <summary>One entry of a <c>when</c>; that of a group is shared by all of its members.</summary>
internal sealed class ConditionDraft(string parent, IReadOnlyList<ParameterValue> values, string path)
{
    public string Parent { get; } = parent;

    /// <summary>Any of these.</summary>
    public IReadOnlyList<ParameterValue> Values { get; private set; } = values;

    public string Path { get; } = path;

    /// <summary>A list means any of its items, unless lists are what the other parameter chooses from.</summary>
    public void TakeAsOneValue() => Values = [ParameterValue.FromList(Values)];

    /// <summary>The other parameter; <see langword="null"/> when it does not exist.</summary>
    public Draft? Resolved { get; set; }
}

using Orchestrator.Presentation;
using Orchestrator.Web.Dashboard.Html;

namespace Orchestrator.Web.Dashboard.Rendering;

/// <summary>Parameters in a cell of a table.</summary>
internal static class ParameterText
{
    private const int MostCharacters = 160;
    private const int MostInCell = 40;

    /// <summary><c>name=value name=value</c> of those that are not constant.</summary>
    public static Markup Varying(ParameterSet parameters, IReadOnlySet<string> constants)
    {
        var text = Human.Parameters(parameters.Where(p => !constants.Contains(p.Key)));
        return text.Length == 0 ? Moments.None : Markup.Of($"<span class=\"orc-parameters\">{HtmlText.Name(text, MostCharacters)}</span>");
    }

    /// <summary>One value; a dash where the parameter is not active.</summary>
    public static Markup Cell(ParameterSet parameters, string name) =>
        parameters.TryGetValue(name, out var value) ? HtmlText.Name(Human.Value(value), MostInCell) : Moments.None;
}

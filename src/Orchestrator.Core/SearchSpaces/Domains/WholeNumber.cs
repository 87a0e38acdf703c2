namespace Orchestrator.SearchSpaces;

internal static class WholeNumber
{
    /// <summary>The integer a value is, if it is one, be it written as a float.</summary>
    public static bool TryGet(ParameterValue value, out long whole)
    {
        whole = 0;
        if (value.Kind == ParameterKind.Float
            && (Math.Truncate(value.AsDouble()) != value.AsDouble() || Math.Abs(value.AsDouble()) > 9.2e18))
        {
            return false;
        }

        if (!value.IsNumber)
            return false;
        whole = value.AsInt64();
        return true;
    }
}

namespace Orchestrator.Expressions;

/// <summary>The values of names while an expression is evaluated.</summary>
internal interface IExpressionValues
{
    /// <summary>The value of a slot; <see langword="false"/> where it has none (an inactive parameter).</summary>
    bool TryGet(int slot, out ParameterValue value);
}

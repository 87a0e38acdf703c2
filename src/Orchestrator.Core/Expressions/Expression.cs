namespace Orchestrator.Expressions;

/// <summary>
/// A checked expression over names (the language of <c>docs/constraints.md</c>). Immutable, safe for concurrent use; evaluation
/// allocates nothing.
/// </summary>
internal sealed class Expression
{
    private readonly Node _root;

    private Expression(string text, Node root, Parser parser)
    {
        (Text, _root) = (text, root);
        Slots = [.. parser.Slots];
        ActivitySlots = [.. parser.ActivitySlots];
    }

    /// <summary>The expression as it was written.</summary>
    public string Text { get; }

    /// <summary>The slots whose values it uses, ascending.</summary>
    public IReadOnlyList<int> Slots { get; }

    /// <summary>The slots of which it uses whether they have a value, by <c>active(name)</c>, ascending.</summary>
    public IReadOnlyList<int> ActivitySlots { get; }

    /// <summary>Parses and checks a condition; <see langword="null"/> and every mistake that was found if there is one.</summary>
    public static Expression? TryParse(string text, INameResolver names, out IReadOnlyList<ExpressionProblem> problems) =>
        TryParse(text, names, isCondition: true, out problems);

    /// <summary>The same of an expression that may have a value of any kind.</summary>
    public static Expression? TryParseValue(string text, INameResolver names, out IReadOnlyList<ExpressionProblem> problems) =>
        TryParse(text, names, isCondition: false, out problems);

    private static Expression? TryParse(string text, INameResolver names, bool isCondition, out IReadOnlyList<ExpressionProblem> problems)
    {
        try
        {
            var tokens = new Lexer(text).ReadAll();
            GluedNames.Refuse(text, tokens, names);
            var parser = new Parser(tokens, names);
            var root = parser.Parse();
            if (isCondition && (root.Types & ValueTypes.Boolean) == ValueTypes.None)
            {
                parser.Problems.Add(new(ExpressionProblemKind.Type, root.Position,
                    $"the expression is {root.Types.Describe()}, and it must be true or false."));
            }

            problems = parser.Problems;
            return parser.Problems.Count == 0 ? new Expression(text, root, parser) : null;
        }
        catch (ExpressionSyntaxException mistake)
        {
            problems = [new(ExpressionProblemKind.Syntax, mistake.Position, mistake.Message)];
            return null;
        }
    }

    /// <summary>Its value; what is not defined is null.</summary>
    public ParameterValue Evaluate(IExpressionValues values) => _root.Evaluate(values);

    /// <summary>Whether it is true of these values. A name without a value counts as null.</summary>
    public bool Test(IExpressionValues values) => _root.Test(values);

    /// <summary>
    /// As <see cref="Test"/>, in three values: <see langword="null"/> where it hangs on a value that there is not.
    /// </summary>
    public bool? Decide(IExpressionValues values) => _root.Decide(values);

    /// <summary>Whether it is true, or false, whatever the values are between these bounds; <see langword="null"/>: nobody can tell.</summary>
    public bool? Settled(Func<int, Interval?> parameters) => _root.Settled(parameters);

    /// <summary>The parts that must all be true for the whole to be true.</summary>
    public IEnumerable<Node> Conjuncts => ConjunctsOf(_root);

    /// <inheritdoc/>
    public override string ToString() => Text;

    private static IEnumerable<Node> ConjunctsOf(Node node) =>
        node is ConnectiveNode { Connective: Connective.And } both ? both.Parts.SelectMany(ConjunctsOf) : [node];
}

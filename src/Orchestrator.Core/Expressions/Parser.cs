using Orchestrator.Text;

namespace Orchestrator.Expressions;

/// <summary>
/// Recursive descent over the grammar in <c>docs/constraints.md</c>. Kinds are checked on the way, so that every mistake of kind
/// or name is found in one go; a mistake of grammar ends the parse.
/// </summary>
internal sealed class Parser(List<Token> tokens, INameResolver names)
{
    /// <summary>Keeps the deepest recursion (of the parser and of the evaluation) far from the end of any stack.</summary>
    private const int MostTokens = 1000;

    private const int DeepestNesting = 100;

    private readonly TypeChecker _types = new();

    private int _next;
    private int _depth;

    public List<ExpressionProblem> Problems => _types.Problems;

    /// <summary>Slots whose values are used.</summary>
    public SortedSet<int> Slots { get; } = [];

    /// <summary>Slots of which only the activity is used, by <c>active(name)</c>.</summary>
    public SortedSet<int> ActivitySlots { get; } = [];

    private Token Current => tokens[_next];

    public Node Parse()
    {
        if (tokens.Count > MostTokens)
            throw new ExpressionSyntaxException(tokens[MostTokens].Position,
                $"the expression is too long (over {MostTokens} words and signs).");
        if (Current.Kind == TokenKind.End)
            throw new ExpressionSyntaxException(0, "the expression is empty.");
        var node = Implication();
        return Current.Kind == TokenKind.End ? node : throw Expected("an operator or the end");
    }

    private Node Implication()
    {
        using var _ = Nest();
        var left = Disjunction();
        if (!TryTake("=>", out var token))
            return left;
        var right = Implication();
        return new ConnectiveNode(token.Position, Connective.Implies, _types.Require(left, ValueTypes.Boolean, "'=>'"),
            _types.Require(right, ValueTypes.Boolean, "'=>'"));
    }

    private Node Disjunction()
    {
        var left = Conjunction();
        while (TryTake("or", out var token))
            left = Connect(token, Connective.Or, left, Conjunction());
        return left;
    }

    private Node Conjunction()
    {
        var left = Negation();
        while (TryTake("and", out var token))
            left = Connect(token, Connective.And, left, Negation());
        return left;
    }

    private ConnectiveNode Connect(Token token, Connective connective, Node left, Node right) => new(token.Position, connective,
        _types.Require(left, ValueTypes.Boolean, $"'{token.Text}'"), _types.Require(right, ValueTypes.Boolean, $"'{token.Text}'"));

    private Node Negation()
    {
        if (!TryTake("not", out var token))
            return Relation();
        using var _ = Nest();
        return new NotNode(token.Position, _types.Require(Negation(), ValueTypes.Boolean, "'not'"));
    }

    /// <summary>Comparisons may be chained as in Python: <c>1 &lt;= x &lt; 5</c>.</summary>
    private Node Relation()
    {
        var left = Sum();
        Node? all = null;
        while (TryRelation(left, out var relation, out var right))
        {
            all = all is null ? relation : new ConnectiveNode(relation.Position, Connective.And, all, relation);
            if (right is null)
                break;
            left = right;
        }

        return all ?? left;
    }

    private bool TryRelation(Node left, out Node relation, out Node? right)
    {
        var token = Current;
        right = null;
        relation = left;
        if (TryTake("in", out _))
        {
            relation = Membership(token, left, negated: false);
            return true;
        }

        if (token is { Kind: TokenKind.Symbol, Text: "not" })
        {
            _next++;
            if (!TryTake("in", out _))
                throw Expected("'in' after 'not'");
            relation = Membership(token, left, negated: true);
            return true;
        }

        Comparison? comparison = token.Kind != TokenKind.Symbol ? null : token.Text switch
        {
            "==" => Comparison.Equal,
            "!=" => Comparison.NotEqual,
            "<" => Comparison.Less,
            "<=" => Comparison.LessOrEqual,
            ">" => Comparison.Greater,
            ">=" => Comparison.GreaterOrEqual,
            _ => null,
        };
        if (comparison is null)
            return false;
        _next++;
        right = Sum();
        _types.CheckComparable(token, left, right, ordered: comparison is not (Comparison.Equal or Comparison.NotEqual));
        relation = new ComparisonNode(token.Position, comparison.Value, _types.Beside(left, right), _types.Beside(right, left));
        return true;
    }

    private InNode Membership(Token token, Node left, bool negated)
    {
        if (Current.Kind == TokenKind.Name)
        {
            var name = Current;
            _next++;
            return new InNode(token.Position, left, [], _types.Require(Name(name), ValueTypes.Compound, "'in'"), negated);
        }

        Take("[", "a list in brackets: [a, b]");
        List<Node> items = [];
        do
        {
            var item = Sum();
            _types.CheckComparable(token, left, item, ordered: false);
            items.Add(_types.Beside(item, left));
        }
        while (TryTake(",", out _));
        Take("]", "',' or ']'");
        return new InNode(token.Position, left, [.. items], list: null, negated);
    }

    private Node Sum()
    {
        var left = Product();
        while (TryTake("+", out var token) || TryTake("-", out token))
            left = Compute(token, token.Text == "+" ? ArithmeticOperator.Add : ArithmeticOperator.Subtract, left, Product());
        return left;
    }

    private Node Product()
    {
        var left = Unary();
        while (TryTake("*", out var token) || TryTake("/", out token) || TryTake("%", out token))
        {
            left = Compute(token, token.Text switch
            {
                "*" => ArithmeticOperator.Multiply,
                "/" => ArithmeticOperator.Divide,
                _ => ArithmeticOperator.Remainder,
            }, left, Unary());
        }

        return left;
    }

    private Node Unary()
    {
        using var _ = Nest();
        if (TryTake("-", out var token))
            return new NegationNode(token.Position, _types.Require(Unary(), ValueTypes.Number, "'-'"));
        if (TryTake("+", out token))
            return _types.Require(Unary(), ValueTypes.Number, "'+'");
        if (TryTake("!", out token))
            return new NotNode(token.Position, _types.Require(Unary(), ValueTypes.Boolean, "'!'"));
        var left = Primary();
        return TryTake("**", out token) ? Compute(token, ArithmeticOperator.Power, left, Unary()) : left;
    }

    private ArithmeticNode Compute(Token token, ArithmeticOperator operation, Node left, Node right) => new(token.Position, operation,
        _types.Require(left, ValueTypes.Number, $"'{token.Text}'"), _types.Require(right, ValueTypes.Number, $"'{token.Text}'"));

    private Node Primary()
    {
        var token = Current;
        if (TryTake("(", out _))
        {
            var inner = Implication();
            Take(")", "')'");
            return inner;
        }

        switch (token.Kind)
        {
            case TokenKind.Literal:
                _next++;
                return new LiteralNode(token.Position, token.Value);
            case TokenKind.Name:
                _next++;
                if (Current is { Kind: TokenKind.Symbol, Text: "(" })
                    return Call(token);
                return Name(token);
            default:
                throw Expected("a value, a name or '('");
        }
    }

    private NameNode Name(Token token)
    {
        if (TryResolve(token, out var binding))
            Slots.Add(binding.Slot);
        return new NameNode(token.Position, binding);
    }

    /// <summary>What a name stands for; an unknown one is reported and fits everywhere.</summary>
    private bool TryResolve(Token token, out NameBinding binding)
    {
        if (names.TryResolve(token.Text, out binding))
            return true;
        binding = new NameBinding(-1, ValueTypes.Any);
        Problems.Add(new(ExpressionProblemKind.UnknownName, token.Position,
            $"'{token.Text}' is unknown{Suggestion.Hint(token.Text, names.Names)}"));
        return false;
    }

    private Node Call(Token token)
    {
        Take("(", "'('");
        if (token.Text == "active")
            return Active(token);
        List<Node> arguments = [];
        if (Current is not { Kind: TokenKind.Symbol, Text: ")" })
        {
            do
                arguments.Add(_types.Require(Implication(), ValueTypes.Number, $"{token.Text}()"));
            while (TryTake(",", out _));
        }

        Take(")", "',' or ')'");
        var function = NumberFunction.Find(token.Text);
        if (function is null)
        {
            Problems.Add(new(ExpressionProblemKind.UnknownName, token.Position,
                $"there is no function '{token.Text}'{Suggestion.Hint(token.Text, NumberFunction.Names.Append("active"))}"));
        }
        else if (arguments.Count < function.MinArguments || arguments.Count > function.MaxArguments)
        {
            var wanted = function.MaxArguments == function.MinArguments ? $"{function.MinArguments}" : $"at least {function.MinArguments}";
            Problems.Add(new(ExpressionProblemKind.Type, token.Position,
                $"{token.Text}() takes {wanted} argument{(wanted == "1" ? "" : "s")}, not {arguments.Count}."));
        }
        else
        {
            return new CallNode(token.Position, function, [.. arguments]);
        }

        return new NameNode(token.Position, new NameBinding(-1, ValueTypes.Any));
    }

    private ActiveNode Active(Token token)
    {
        var name = Current;
        if (name.Kind != TokenKind.Name)
            throw Expected("a name");
        _next++;
        Take(")", "')'");
        if (TryResolve(name, out var binding))
            ActivitySlots.Add(binding.Slot);
        return new ActiveNode(token.Position, binding.Slot);
    }

    private bool TryTake(string symbol, out Token token)
    {
        token = Current;
        if (token.Kind != TokenKind.Symbol || token.Text != symbol)
            return false;
        _next++;
        return true;
    }

    private void Take(string symbol, string expected)
    {
        if (!TryTake(symbol, out _))
            throw Expected(expected);
    }

    private ExpressionSyntaxException Expected(string what) => new(Current.Position, $"{what} was expected, not {Current.Describe()}.");

    private Nesting Nest()
    {
        if (++_depth > DeepestNesting)
            throw new ExpressionSyntaxException(Current.Position, $"the expression is nested too deeply (over {DeepestNesting} levels).");
        return new Nesting(this);
    }

    private readonly struct Nesting(Parser parser) : IDisposable
    {
        public void Dispose() => parser._depth--;
    }
}

using Orchestrator.Expressions;
using Orchestrator.Numerics;

namespace Orchestrator.Tests.Expressions;

public class ExpressionTests
{
    private static readonly Names Scope = new(new Dictionary<string, (ParameterValue? Value, ValueTypes Types)>
    {
        ["x"] = (3, ValueTypes.Number),
        ["y"] = (0.5, ValueTypes.Number),
        ["optimizer"] = ("sgd", ValueTypes.Text),
        ["flag"] = (true, ValueTypes.Boolean),
        ["mixed"] = ("text", ValueTypes.Number | ValueTypes.Text),
        ["none"] = (null, ValueTypes.Number),
        ["group.lr"] = (0.1, ValueTypes.Number),
        ["odd name-1"] = (7, ValueTypes.Number),
    });

    [Theory]
    [InlineData("num-layers <= 1", "num-layers")]
    [InlineData("2 < num-layers", "num-layers")]
    [InlineData("layers > 1 and group.a+b == 1", "group.a+b")]
    [InlineData("not-x == 1", "not-x")]
    [InlineData("2d-conv == 1", null)]
    [InlineData("num - layers <= 1", null)]
    [InlineData("num-1 <= layers", null)]
    [InlineData("`num-layers` <= 1", null)]
    [InlineData("'num-layers' == 'num-layers'", null)]
    public void TryParse_NameWithAnOperatorInIt_MustStandInBackquotes(string text, string? name)
    {
        var scope = new Names(new[] { "num", "layers", "num-layers", "group.a+b", "not-x" }.ToDictionary(n => n, _ => ((ParameterValue?)1, ValueTypes.Number)));
        Expression.TryParse(text, scope, out var problems);
        if (name is null)
            Assert.DoesNotContain(problems, p => p.Message.Contains("backquotes, `", StringComparison.Ordinal));
        else
            Assert.Contains($"`{name}`", Assert.Single(problems).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("x == 3", true)]
    [InlineData("x == 3.0", true)]
    [InlineData("x != 3", false)]
    [InlineData("2 + 3 * 4 == 14 and (2 + 3) * 4 == 20", true)]
    [InlineData("10 - 3 - 2 == 5", true)]
    [InlineData("2 ** 3 ** 2 == 512", true)]
    [InlineData("-2 ** 2 == -4 and 2 ** -1 == 0.5", true)]
    [InlineData("7 / 2 == 3.5 and 8 / 2 == 4", true)]
    [InlineData("-7 % 3 == 2 and 7 % -3 == -2 and 7.5 % 2 == 1.5", true)]
    [InlineData("9007199254740993 == 9007199254740992", false)]
    [InlineData("9223372036854775807 + 1 > 9223372036854770000", true)]
    [InlineData("1 < x <= 3", true)]
    [InlineData("1 < x < 3", false)]
    [InlineData("x in [1, 2, 3] and optimizer in ['adam', \"sgd\"]", true)]
    [InlineData("x not in [1, 2] and not x in [4]", true)]
    [InlineData("not flag or flag", true)]
    [InlineData("! flag || flag && false", false)]
    [InlineData("flag or flag and false", true)]
    [InlineData("not flag == false", true)]
    [InlineData("false => true => false", true)]
    [InlineData("x > 5 => y > 1", true)]
    [InlineData("x > 2 => y > 1", false)]
    [InlineData("optimizer == 'sgd' => y < 1", true)]
    [InlineData("group.lr <= 0.1 and `odd name-1` == 7 and `group.lr` > 0", true)]
    [InlineData("min(x, 1, 2) == 1 and max(x, 1) == 3 and abs(-x) == 3", true)]
    [InlineData("log2(8) == 3 and log10(1000) == 3 and abs(log(exp(2)) - 2) < 1e-12 and sqrt(16) == 4", true)]
    [InlineData("floor(2.7) == 2 and ceil(2.1) == 3 and round(2.5) == 2 and round(3.5) == 4 and pow(2, 10) == 1024", true)]
    [InlineData("active(x) and not active(none)", true)]
    [InlineData("none == null and none != 1", true)]
    [InlineData("none < 1 or none >= 1 or none + 1 == 2", false)]
    [InlineData("mixed < 3 or mixed >= 3", false)]
    [InlineData("mixed == 'text'", true)]
    [InlineData("'a\\'b' == \"a'b\"", true)]
    [InlineData("optimizer < 'zzz'", true)]
    [InlineData(".5 == y and 1e-1 == group.lr", true)]
    [InlineData("log(-1) < 0 or log(-1) >= 0", false)]
    [InlineData("x % 0 == 0", false)]
    public void Test_Expression_HasItsValue(string text, bool expected)
    {
        var expression = Expression.TryParse(text, Scope, out var problems);
        Assert.True(expression is not null, string.Join("; ", problems));
        Assert.Equal(expected, expression.Test(Scope));

        // What bounds alone tell is never something else, however wide they are.
        for (var width = 0; width < 3; width++)
            Assert.NotEqual(!expected, expression.Settled(slot => Scope.TryGet(slot, out var v) && v.IsNumber ? Interval.Of(v.AsDouble() - width, v.AsDouble() + width) : null));
    }

    [Theory]
    [InlineData("", 0, "the expression is empty.")]
    [InlineData("x >", 3, "a value, a name or '(' was expected, not the end.")]
    [InlineData("x = 3", 2, "'=' is no operator: write '==' to compare.")]
    [InlineData("x == 3)", 6, "an operator or the end was expected, not ')'.")]
    [InlineData("(x == 3", 7, "')' was expected, not the end.")]
    [InlineData("x in 3", 5, "a list in brackets: [a, b] was expected, not '3'.")]
    [InlineData("x == 'abc", 5, "the closing ' is missing.")]
    [InlineData("x == 3abc", 6, "an operator was expected after the number 3.")]
    [InlineData("x # 3", 2, "the character '#' has no meaning here (a name with such characters is written in `backquotes`).")]
    [InlineData("xx == 3", 0, "'xx' is unknown; did you mean 'x'?")]
    [InlineData("x > 1 and lr < 1", 10, "'lr' is unknown; did you mean 'group.lr'?")]
    [InlineData("sqr(x) > 1", 0, "there is no function 'sqr'; did you mean 'sqrt'?")]
    [InlineData("pow(x) > 1", 0, "pow() takes 2 arguments, not 1.")]
    [InlineData("x + 1", 2, "the expression is a number, and it must be true or false.")]
    [InlineData("optimizer > 3", 10, "'>' compares text with a number, which never agree.")]
    [InlineData("x == 'sgd'", 2, "'==' compares a number with text, which never agree.")]
    [InlineData("x in [1, 'a']", 2, "'in' compares a number with text, which never agree.")]
    [InlineData("flag < true", 5, "'<' orders numbers or texts, and this is true or false.")]
    [InlineData("optimizer * 2 > 1", 0, "'*' takes a number, and this is text.")]
    [InlineData("x and flag", 0, "'and' takes true or false, and this is a number.")]
    public void TryParse_Mistake_SaysWhereAndWhat(string text, int position, string message)
    {
        Assert.Null(Expression.TryParse(text, Scope, out var problems));
        var problem = Assert.Single(problems);
        Assert.Equal((position, message), (problem.Position, problem.Message));
    }

    [Fact]
    public void TryParse_SeveralMistakes_ReportsAll()
    {
        Assert.Null(Expression.TryParse("xx > 1 and optimizer > 2 and flag + 1 > 0", Scope, out var problems));
        Assert.Equal([0, 21, 29], problems.Select(p => p.Position));
    }

    [Fact]
    public void TryParse_Nonsense_NeverThrows()
    {
        string[] pieces = ["x", "y", "flag", "(", ")", "[", "]", "and", "or", "not", "in", "=>", "==", "<", "-", "**", "1", "'a'", ",", "min", "active", "`", "!", "."];
        var random = new SeededRandom(5);
        for (var i = 0; i < 5_000; i++)
        {
            var text = string.Join(random.Next(2) == 0 ? " " : "", Enumerable.Range(0, random.Next(1, 12)).Select(_ => pieces[random.Next(pieces.Length)]));
            if (Expression.TryParse(text, Scope, out var problems) is { } expression)
                expression.Test(Scope);
            else
                Assert.All(problems, p => Assert.InRange(p.Position, 0, text.Length));
        }
    }

    [Theory]
    [InlineData("(")]
    [InlineData("-")]
    [InlineData("not ")]
    [InlineData("x => ")]
    [InlineData("2 ** ")]
    [InlineData("x < 1 or ")]
    public void TryParse_EndlessRepetition_IsAnErrorNotACrash(string piece)
    {
        Assert.Null(Expression.TryParse(string.Concat(Enumerable.Repeat(piece, 100_000)) + "x", Scope, out var problems));
        Assert.Equal(ExpressionProblemKind.Syntax, Assert.Single(problems).Kind);
    }

    [Fact]
    public void Test_CommonExpression_AllocatesNothing()
    {
        var expression = Expression.TryParse("x * 2 + y <= 100 and optimizer in ['sgd', 'adam'] and max(x, 2) ** 2 > 1", Scope, out _)!;
        Assert.True(expression.Test(Scope));
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
            expression.Test(Scope);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Slots_ActiveOnly_StandApart()
    {
        var expression = Expression.TryParse("active(none) => x > 1", Scope, out _)!;
        Assert.Equal([0], expression.Slots);
        Assert.Equal([5], expression.ActivitySlots);
    }

    private sealed class Names(Dictionary<string, (ParameterValue? Value, ValueTypes Types)> names) : INameResolver, IExpressionValues
    {
        private readonly List<string> _order = [.. names.Keys];

        private readonly ParameterValue?[] _values = [.. names.Values.Select(v => v.Value)];

        IEnumerable<string> INameResolver.Names => _order;

        public bool TryResolve(string name, out NameBinding binding)
        {
            var found = names.TryGetValue(name, out var entry);
            binding = found ? new NameBinding(_order.IndexOf(name), entry.Types) : default;
            return found;
        }

        public bool TryGet(int slot, out ParameterValue value)
        {
            value = _values[slot].GetValueOrDefault();
            return _values[slot].HasValue;
        }
    }
}

using Orchestrator.Cli;
using Orchestrator.Cli.Rendering;

namespace Orchestrator.Tests.Cli;

public sealed class TextTableTests
{
    [Fact]
    public void Table_NoTerminal_IsAlignedAndWhole()
    {
        var lines = Draw(width: null, ["a", "1.5", new string('p', 100)], ["longer", "12", "q"]);
        Assert.Equal("name    value  text", lines[0]);
        Assert.Equal("a         1.5  " + new string('p', 100), lines[2]);
        Assert.Equal("longer     12  q", lines[3]);
    }

    [Theory]
    [InlineData(40)]
    [InlineData(24)]
    public void Table_NarrowTerminal_IsCutToIt(int width)
    {
        var lines = Draw(width, ["a", "1.5", new string('p', 100)], ["a name of some length", "12", "q"]);
        Assert.All(lines, line => Assert.True(line.Length <= width, line));
        Assert.Contains(" 1.5 ", lines[2], StringComparison.Ordinal);
        Assert.Contains("…", lines[2], StringComparison.Ordinal);
    }

    [Fact]
    public void Table_ManyRows_WritesThemAsTheyCome()
    {
        using var output = new StringWriter();
        var table = new TextTable(new CliConsole(output, TextWriter.Null, () => Stream.Null, _ => null), new TextTable.Column("n"));
        for (var i = 0; i < 1000; i++)
            table.Add("x");
        Assert.Equal(1002, output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Theory]
    [InlineData(true, "", true)]
    [InlineData(true, "1", false)]
    [InlineData(false, "", false)]
    public void Table_ColorsItsHeader_OnlyWhereColorIsWelcome(bool terminal, string noColor, bool expected)
    {
        using var output = new StringWriter();
        var console = new CliConsole(output, TextWriter.Null, () => Stream.Null, name => name == "NO_COLOR" ? noColor : null) { IsOutTerminal = terminal };
        var table = new TextTable(console, new TextTable.Column("n"));
        table.Add("x");
        table.End();
        Assert.Equal(expected, output.ToString().Contains(CliBench.Escape, StringComparison.Ordinal));
    }

    private static string[] Draw(int? width, params string[][] rows)
    {
        using var output = new StringWriter();
        var console = new CliConsole(output, TextWriter.Null, () => Stream.Null, _ => null) { ReadWidth = () => width };
        var table = new TextTable(console, new("name"), new("value", IsNumber: true), new("text"));
        foreach (var row in rows)
            table.Add(row);
        table.End();
        return output.ToString().TrimEnd('\n').Split('\n');
    }
}

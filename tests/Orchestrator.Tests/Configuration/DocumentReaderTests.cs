using Orchestrator.Configuration;

namespace Orchestrator.Tests.Configuration;

public class DocumentReaderTests
{
    [Theory]
    [InlineData("s.json", "{\"a\": 1,\n \"é\": }", "SWP002", 2, 7, "not valid JSON")]
    [InlineData("s.json", "{\"a\": 1", "SWP002", 1, 8, "not valid JSON")]
    [InlineData("s.json", "{\"a\": 1}\r\n x", "SWP002", 2, 2, "not valid JSON")]
    [InlineData("s.json", "{\"a\": \"\\ud800\"}", "SWP002", 1, 7, "surrogate")]
    [InlineData("s.json", "", "SWP002", 1, 1, "not valid JSON")]
    [InlineData("s.json", "null", "SWP002", 1, 1, "empty")]
    [InlineData("s.json", "[1]", "SWP012", 1, 1, "The file must be a mapping")]
    [InlineData("s.yaml", "a: [1, 2\nb: 3", "SWP002", 1, 4, "not closed")]
    [InlineData("s.yaml", "a: {x: 1\nb: 3\n", "SWP002", 1, 4, "not closed")]
    [InlineData("s.yaml", "a: 'x\nb: 3", "SWP002", 1, 4, "unexpected end of stream")]
    [InlineData("s.yaml", "a:\n  - 1\n b: 3\n", "SWP002", 3, 2, "did not find expected key")]
    [InlineData("s.yaml", "a: @x\n", "SWP002", 1, 4, "cannot start any token")]
    [InlineData("s.yaml", "a: \"\\q\"\n", "SWP002", 1, 4, "escape character")]
    [InlineData("s.yaml", "a: 1\n b: 2", "SWP002", 2, 3, "not valid YAML")]
    [InlineData("s.yaml", "", "SWP002", 1, 1, "empty")]
    [InlineData("s.yaml", "# only a comment", "SWP002", 1, 1, "empty")]
    [InlineData("s.yaml", "just text", "SWP012", 1, 1, "must be a mapping")]
    [InlineData("s.yaml", "a: 1\n---\nb: 1", "SWP003", 2, 1, "several YAML documents")]
    [InlineData("s.yaml", "a: !thing 1", "SWP003", 1, 4, "'!thing'")]
    [InlineData("s.yaml", "a: !!int x", "SWP003", 1, 4, "'!!int'")]
    [InlineData("s.yaml", "a: !!set {x: 1}", "SWP003", 1, 4, "tag")]
    [InlineData("s.yaml", "a: &a {x: 1}\nb: {<<: *a}", "SWP003", 2, 5, "Merge keys")]
    [InlineData("s.yaml", "a: *nobody", "SWP003", 1, 4, "'*nobody'")]
    [InlineData("s.yaml", "a: &a [*a]", "SWP003", 1, 8, "no anchor before it")]
    [InlineData("s.yaml", "? [1]\n: 2", "SWP003", 1, 3, "keys are names")]
    public void Read_NoDocument_IsOneProblemAtItsPlace(string file, string text, string code, int line, int column, string says)
    {
        var result = SweepFileReader.ReadText(text, file, TestCatalog.Instance);

        var problem = Assert.Single(result.Problems);
        Assert.Equal((code, line, column), (problem.Problem.Code, problem.Line, problem.Column));
        Assert.Contains(says, problem.Problem.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("LineNumber", problem.Problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("x.json", "[", "]")]
    [InlineData("x.yaml", "[", "]")]
    [InlineData("x.json", "{\"a\":", "}")]
    public void Read_NestedTooDeep_IsReportedWhereItGetsTooDeep(string file, string open, string close)
    {
        var deep = string.Concat(Enumerable.Repeat(open, 65)) + "1" + string.Concat(Enumerable.Repeat(close, 65));
        var fine = string.Concat(Enumerable.Repeat(open, 64)) + "1" + string.Concat(Enumerable.Repeat(close, 64));

        var problem = Assert.Single(SweepFileReader.ReadText(deep, file, TestCatalog.Instance).Problems);
        Assert.Equal(("SWP004", 64 * open.Length + 1), (problem.Problem.Code, problem.Column));
        Assert.NotNull(DocumentReader.Read(fine, file));
    }

    [Fact]
    public void Read_AliasesThatMultiply_AreReported()
    {
        var text = "a0: &a0 [1, 1, 1, 1]\n" + string.Concat(Enumerable.Range(1, 40).Select(i => $"a{i}: &a{i} [*a{i - 1}, *a{i - 1}, *a{i - 1}, *a{i - 1}]\n"));
        Assert.Equal("SWP004", Assert.Single(SweepFileReader.ReadText(text, "x.yaml", TestCatalog.Instance).Problems).Problem.Code);
    }

    [Fact]
    public void Read_AliasesThatNest_AreReported()
    {
        var text = "a0: &a0 [1]\n" + string.Concat(Enumerable.Range(1, 80).Select(i => $"a{i}: &a{i} [*a{i - 1}]\n"));
        Assert.Equal("SWP004", Assert.Single(SweepFileReader.ReadText(text, "x.yaml", TestCatalog.Instance).Problems).Problem.Code);
    }

    [Theory]
    [InlineData("1", "1")]
    [InlineData("+1", "1")]
    [InlineData("-0", "0")]
    [InlineData("010", "10")]
    [InlineData("0x1F", "31")]
    [InlineData("0o17", "15")]
    [InlineData("0o18", "\"0o18\"")]
    [InlineData("0x", "\"0x\"")]
    [InlineData("9223372036854775807", "9223372036854775807")]
    [InlineData("9223372036854775808.0", "9.223372036854776E+18")]
    [InlineData("1e-3", "0.001")]
    [InlineData("1.0e-5", "1E-05")]
    [InlineData("1.", "1.0")]
    [InlineData(".5", "0.5")]
    [InlineData("1.0", "1.0")]
    [InlineData("1.2.3", "\"1.2.3\"")]
    [InlineData("1_000", "\"1_000\"")]
    [InlineData("-", "[null]")]
    [InlineData("'1'", "\"1\"")]
    [InlineData("\"true\"", "\"true\"")]
    [InlineData("True", "true")]
    [InlineData("yes", "\"yes\"")]
    [InlineData("on", "\"on\"")]
    [InlineData("no", "\"no\"")]
    [InlineData("~", "null")]
    [InlineData("Null", "null")]
    [InlineData("!!str 1", "\"1\"")]
    [InlineData("! 1", "\"1\"")]
    [InlineData("!!float 1", "1.0")]
    [InlineData("!!bool true", "true")]
    [InlineData("2024-02-29", "\"2024-02-29\"")]
    [InlineData("12:30", "\"12:30\"")]
    [InlineData("{1: a, true: b, ~: c}", "{\"1\":\"a\",\"true\":\"b\",\"~\":\"c\"}")]
    public void ReadYaml_Scalar_FollowsTheCoreSchema(string text, string json) =>
        Assert.Equal(json, ParameterJson.ToJson(YamlDocumentReader.Read(text, "x").ToValue()));

    [Theory]
    [InlineData(".inf", double.PositiveInfinity)]
    [InlineData("-.INF", double.NegativeInfinity)]
    [InlineData(".nan", double.NaN)]
    public void ReadYaml_NotFinite_IsUnderstood(string text, double value) =>
        Assert.Equal(value, YamlDocumentReader.Read(text, "x").ToValue().AsDouble());

    [Theory]
    [InlineData("\n\n  a:\n    é😀: 1\n    b: 2", "/a/b", 5, 8)]
    [InlineData("a: 1\r\nb: [x,\r\n  y]", "/b/1", 3, 3)]
    [InlineData("a: 1\rb: 2", "/b", 2, 4)]
    [InlineData("é😀: {b: 2}", "/é😀/b", 1, 10)]
    [InlineData("a: &x 1\nb: *x", "/b", 2, 4)]
    public void ReadYaml_Places_AreLineAndColumnInCharacters(string text, string path, int line, int column)
    {
        var (_, place) = DocumentPlaces.Find(YamlDocumentReader.Read(text, "x"), path);
        Assert.Equal((line, column), (place.Line, place.Column));
    }

    [Theory]
    [InlineData("{\"é😀\": {\"b\": 2}}", "/é😀/b", 1, 15)]
    [InlineData("{ // ü\r\n /* ü */ \"a~/b\": [1,\r\n  2] }", "/a~0~1b/1", 3, 3)]
    public void ReadJson_Places_AreLineAndColumnInCharacters(string text, string path, int line, int column)
    {
        var (_, place) = DocumentPlaces.Find(JsonDocumentReader.Read(text, "x"), path);
        Assert.Equal((line, column), (place.Line, place.Column));
    }

    [Theory]
    [InlineData("sweep", "{\"a\": 1,}", true)]
    [InlineData("sweep", "  // c\n{}", true)]
    [InlineData("sweep", "a: 1", false)]
    [InlineData("sweep.YML", "{a: 1}", false)]
    [InlineData("sweep.JSON", "{a: 1}", true)]
    public void Read_Notation_IsKnownByExtensionElseByFirstCharacter(string file, string text, bool isJson)
    {
        if (isJson && file.EndsWith("JSON", StringComparison.Ordinal))
            Assert.Throws<DocumentSyntaxException>(() => DocumentReader.Read(text, file));
        else
            Assert.IsType<MappingNode>(DocumentReader.Read(text, file));
    }
}

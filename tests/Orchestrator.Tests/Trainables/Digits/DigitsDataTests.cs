using System.IO.Compression;
using Orchestrator.App.Trainables.Digits;

namespace Orchestrator.Tests.Trainables.Digits;

public sealed class DigitsDataTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("digits").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Load_WithoutPath_SplitsAllRowsByLabel()
    {
        var data = DigitsData.Load();
        ExampleSet[] parts = [data.Train, data.Validation, data.Test];
        Assert.Equal([1085, 357, 355], parts.Select(part => part.Count));
        foreach (var (part, share) in parts.Zip([0.6, 0.2, 0.2]))
            for (var label = 0; label < DigitsData.ClassCount; label++)
            {
                var all = parts.Sum(p => p.Labels.Count(label));
                Assert.InRange(part.Labels.Count(label) - (share * all), -1, 2);
            }
    }

    [Fact]
    public void Load_FirstRows_GoWhereTheirPlaceWithinTheLabelSays()
    {
        var lines = Enumerable.Range(0, 10).Select(i => string.Join(',', Enumerable.Repeat(i, 64)) + ",1");
        var data = DigitsData.Load(Write(lines));
        Assert.Equal([0, 1, 2, 5, 6, 7], FirstPixels(data.Train));
        Assert.Equal([3, 8], FirstPixels(data.Validation));
        Assert.Equal([4, 9], FirstPixels(data.Test));
    }

    [Fact]
    public void Load_Pixels_AreScaledToOne()
    {
        var train = DigitsData.Load().Train;
        Assert.Equal([0f, 0, 5f / 16, 13f / 16, 9f / 16, 1f / 16, 0, 0], train.Row(0)[..8].ToArray());
        var all = Enumerable.Range(0, train.Count).SelectMany(row => train.Row(row).ToArray()).ToList();
        Assert.Equal((0f, 1f), (all.Min(), all.Max()));
    }

    [Fact]
    public void Load_MissingFile_NamesEveryPlaceLookedAt()
    {
        var error = Assert.Throws<FileNotFoundException>(() => DigitsData.Load("nowhere/digits.csv.gz"));
        Assert.Contains(Path.GetFullPath("nowhere/digits.csv.gz"), error.Message, StringComparison.Ordinal);
        Assert.Contains(Path.GetFullPath("nowhere/digits.csv.gz", AppContext.BaseDirectory), error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1,2,3", "(2): 64 pixels and a label make 65 columns, got 3")]
    [InlineData("1,17", "(2): column 2 must be an integer from 0 to 16, got '17'")]
    [InlineData("1,,3", "(2): column 2 must be an integer from 0 to 16, got ''")]
    [InlineData("", "(2): column 1 must be an integer from 0 to 16, got ''")]
    public void Load_BadLine_NamesFileLineAndRule(string line, string expected)
    {
        var path = Write(["0" + string.Concat(Enumerable.Repeat(",0", 64)), line]);
        Assert.Equal(path + expected, Assert.Throws<InvalidDataException>(() => DigitsData.Load(path)).Message);
    }

    [Fact]
    public void Load_BadLabel_IsAnError()
    {
        var path = Write([string.Concat(Enumerable.Repeat("0,", 64)) + "10"]);
        var error = Assert.Throws<InvalidDataException>(() => DigitsData.Load(path));
        Assert.Equal(path + "(1): column 65 must be an integer from 0 to 9, got '10'", error.Message);
    }

    [Fact]
    public void Load_TooManyColumns_IsAnError()
    {
        var path = Write([string.Concat(Enumerable.Repeat("0,", 66)) + "1"]);
        var error = Assert.Throws<InvalidDataException>(() => DigitsData.Load(path));
        Assert.Equal(path + "(1): 64 pixels and a label make 65 columns, got 67", error.Message);
    }

    [Fact]
    public void Load_NotGzip_SaysSo()
    {
        var path = Path.Combine(_folder, "plain.csv");
        File.WriteAllText(path, "1,2,3");
        var error = Assert.Throws<InvalidDataException>(() => DigitsData.Load(path));
        Assert.StartsWith($"{path} is not a gzip file", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_NoRows_IsAnError()
    {
        var error = Assert.Throws<InvalidDataException>(() => DigitsData.Load(Write([])));
        Assert.EndsWith("holds no rows", error.Message, StringComparison.Ordinal);
    }

    private static IEnumerable<int> FirstPixels(ExampleSet set) =>
        Enumerable.Range(0, set.Count).Select(row => (int)(set.Row(row)[0] * 16));

    private string Write(IEnumerable<string> lines)
    {
        var path = Path.Combine(_folder, "digits.csv.gz");
        using var writer = new StreamWriter(new GZipStream(File.Create(path), CompressionLevel.Fastest));
        foreach (var line in lines)
            writer.Write(line + "\n");
        return path;
    }
}

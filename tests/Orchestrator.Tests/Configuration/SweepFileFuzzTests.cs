using System.Text;
using Orchestrator.Configuration;

namespace Orchestrator.Tests.Configuration;

public class SweepFileFuzzTests
{
    private const int Files = 2000; // a few seconds; the limit below is for machines that do other things, too

    [Fact]
    public void ReadFile_BrokenFiles_EndInADefinitionOrInLocatedErrors()
    {
        var mutator = new SweepFileMutator(seed: 20240229);
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        var (valid, codes) = (0, new HashSet<string>());
        Directory.CreateDirectory(path);
        try
        {
            for (var i = 0; i < Files; i++)
            {
                var (name, content) = mutator.Next();
                var file = Path.Combine(path, name);
                File.WriteAllBytes(file, content);
                var result = SweepFileReader.ReadFile(file, TestCatalog.Instance);
                Check(result, content, i);
                valid += result.HasErrors ? 0 : 1;
                codes.UnionWith(result.Problems.Select(p => p.Problem.Code));
            }
        }
        finally
        {
            Directory.Delete(path, recursive: true);
        }

        // The mutations reach everywhere: some do no harm, the others break many rules.
        Assert.InRange(valid, Files / 50, Files / 2);
        Assert.True(codes.Count >= 25, $"Only {string.Join(", ", codes.Order())} were met.");
    }

    [Fact]
    public void Next_SameSeed_GivesTheSameFiles()
    {
        var (one, other) = (new SweepFileMutator(7), new SweepFileMutator(7));
        for (var i = 0; i < 50; i++)
            Assert.Equal(one.Next().Content, other.Next().Content);
    }

    private static void Check(SweepFileResult result, byte[] content, int number)
    {
        var errors = result.Problems.Where(p => p.Problem.Severity == ProblemSeverity.Error).ToArray();
        Assert.True(errors.Length > 0 == result.HasErrors, $"File {number}: a definition and errors, or neither.");
        var lines = Encoding.UTF8.GetString(content).Replace("\r\n", "\n", StringComparison.Ordinal).Split('\n', '\r');
        foreach (var problem in result.Problems)
        {
            Assert.True(
                problem.Line >= 1 && problem.Line <= lines.Length && problem.Column >= 1 && problem.Column <= lines[problem.Line - 1].Length + 1,
                $"File {number}: {problem} lies outside of {lines.Length} lines.");
            Assert.Matches("^SWP[0-9]{3}$", problem.Problem.Code);
            Assert.DoesNotContain("\n", problem.ToString(), StringComparison.Ordinal);
        }

        if (result.Definition is { } definition)
            Assert.DoesNotContain(SweepDefinitionValidator.Validate(definition, TestCatalog.Instance, hasDelegate: false), p => p.Severity == ProblemSeverity.Error);
    }
}

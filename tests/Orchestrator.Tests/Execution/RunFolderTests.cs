namespace Orchestrator.Tests.Execution;

public sealed class RunFolderTests : IDisposable
{
    private readonly string _home = Directory.CreateTempSubdirectory("orchestrator-test-").FullName;

    private string Run => Path.Combine(_home, "sweeps", "one", "000001");

    public void Dispose() => Directory.Delete(_home, recursive: true);

    [Fact]
    public void Ensure_NothingIsThere_HasTheParametersInIt()
    {
        var folder = new RunFolder(Run, ParameterSet.FromJson("""{"x": 0.5}"""));

        Assert.Equal(Run, folder.Ensure());
        Assert.Equal("""{"x":0.5}""" + "\n", File.ReadAllText(Path.Combine(Run, "parameters.json")));
    }

    [Fact]
    public void Ensure_AnEarlierAttemptSetMore_HasNothingOfThatLeft()
    {
        var earlier = new RunFolder(Run, ParameterSet.FromJson("""{"x": 0.5}"""));
        earlier.Ensure();
        earlier.Update(ParameterSet.FromJson("""{"x": 0.5, "note": "what the attempt before set is longer"}"""));

        new RunFolder(Run, ParameterSet.FromJson("""{"x": 0.5}""")).Ensure();

        Assert.Equal("""{"x":0.5}""" + "\n", File.ReadAllText(Path.Combine(Run, "parameters.json")));
    }

    [Fact]
    public void Update_WithLess_LeavesNothingOfTheFileBefore()
    {
        var folder = new RunFolder(Run, ParameterSet.FromJson("""{"x": 0.5, "note": "longer"}"""));
        folder.Ensure();

        folder.Update(ParameterSet.FromJson("""{"x": 1}"""));

        Assert.Equal("""{"x":1}""" + "\n", File.ReadAllText(Path.Combine(Run, "parameters.json")));
    }
}

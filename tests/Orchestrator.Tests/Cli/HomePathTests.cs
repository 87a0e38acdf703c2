using Orchestrator.Text;

namespace Orchestrator.Tests.Cli;

/// <summary>What a shell replaces in paths where no shell reads them.</summary>
public sealed class HomePathTests : IDisposable
{
    private static readonly string Home = Environment.GetEnvironmentVariable("HOME") ?? Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);

    private readonly CliBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("~", "")]
    [InlineData("~/runs", "runs")]
    public void Expand_LeadingTilde_IsTheUsersHome(string path, string below) => Assert.Equal(Path.Join(Home, below).TrimEnd('/'), UserPath.Expand(path).TrimEnd('/'));

    [Theory]
    [InlineData("~other/runs")]
    [InlineData("a/~/b")]
    [InlineData("~x")]
    public void Expand_OtherTildes_AreNames(string path) => Assert.Equal(path, UserPath.Expand(path));

    [Theory]
    [InlineData("$HOME/runs", "$HOME")]
    [InlineData("${HOME}/runs", "${HOME}")]
    [InlineData("%APPDATA%/runs", "%APPDATA%")]
    [InlineData("~other/runs", "~other")]
    public async Task Home_WithAVariable_IsAnErrorThatSaysSo(string home, string variable)
    {
        var run = await _bench.RunAtAsync(home, "list");
        Assert.Equal(2, run.Code);
        Assert.Contains($"'{variable}'", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Home_WithATilde_IsInTheUsersHome()
    {
        var name = "no-such-home-" + Guid.NewGuid().ToString("N");
        var run = await _bench.RunAtAsync("~/" + name, "list");
        Assert.Contains($"'{Path.Combine(Home, name)}'", run.Error, StringComparison.Ordinal);
        var file = await _bench.RunAtAsync(_bench.Home, "validate", $"~/{name}/sweep.yaml");
        Assert.Contains(Path.Combine(Home, name, "sweep.yaml"), file.Out + file.Error, StringComparison.Ordinal);
    }
}

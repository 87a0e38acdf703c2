using System.Net;
using System.Net.Sockets;
using Orchestrator.EndToEnd.Optional;

namespace Orchestrator.EndToEnd;

/// <summary>Both ways of building a project with an optional package, against real restores from folder feeds.</summary>
public class OptionalPackagesTests(FakeTorchSharpFeed feed) : IClassFixture<FakeTorchSharpFeed>
{
    private const string Asking = "Asking NuGet for the optional package TorchSharp 0.106.0";
    private const string LeftOut = "The optional package TorchSharp 0.106.0 is not here";

    private string WithFeed => $"-p:RestoreAdditionalProjectSources={feed.Folder}";

    [Fact]
    public async Task Build_PackageMissingThenOnFeed_FollowsAndAsksOncePerQuestion()
    {
        using var repository = new TemporaryRepository("Consumer");

        var first = await repository.BuildAsync();

        Succeeded(first);
        Assert.Equal(1, first.Lines(Asking));
        Assert.Equal(1, first.Lines(LeftOut));
        Assert.Contains("NU1101: Unable to find package TorchSharp.", first.Output, StringComparison.Ordinal);
        Assert.StartsWith("no: NU1101", Assert.Single(repository.Answers), StringComparison.Ordinal);
        WasLeftOut(repository, "Consumer");

        var second = await repository.RestoreAsync();

        Succeeded(second);
        Assert.Equal(0, second.Lines(Asking));
        Assert.Equal(1, second.Lines(LeftOut));

        // Another configuration of the feeds, then another feed: each is another question.
        repository.Write("nuget.config", "<configuration><config><add key=\"signatureValidationMode\" value=\"accept\" /></config></configuration>");
        var third = await repository.RestoreAsync();

        Succeeded(third);
        Assert.Equal(1, third.Lines(Asking));

        var fourth = await repository.BuildAsync(WithFeed);

        Succeeded(fourth);
        Assert.Equal(1, fourth.Lines(Asking));
        Assert.Equal(0, fourth.Lines(LeftOut));
        Assert.Equal(3, repository.Answers.Length);
        Assert.Contains("yes", repository.Answers.Select(answer => answer.Trim()));
        Assert.Contains("TorchSharp-cpu/0.106.0", repository.Restored("Consumer"), StringComparison.Ordinal);
        WasCompiledIn(repository, "Consumer");
    }

    [Fact]
    public async Task Restore_VersionNotOnFeed_IsRememberedAsMissing()
    {
        const string Remedy = "TorchSharpVersion=0.106.0";
        using var repository = new TemporaryRepository("Consumer");

        var restore = await repository.RestoreAsync(WithFeed, "-p:TorchSharpVersion=0.999.0");

        Succeeded(restore);
        var answer = Assert.Single(repository.Answers);
        Assert.StartsWith("no: NU1102", answer, StringComparison.Ordinal);
        Assert.Contains(Remedy, answer, StringComparison.Ordinal);
        Assert.Contains(Remedy, restore.Output, StringComparison.Ordinal);

        // NuGet would take the neighbour 0.106.0, with a warning; it is asked for exactly this one.
        var older = await repository.RestoreAsync(WithFeed, "-p:TorchSharpVersion=0.105.0");

        Succeeded(older);
        Assert.Equal(2, repository.Answers.Count(said => said.StartsWith("no: NU1102", StringComparison.Ordinal)));

        Succeeded(await repository.RestoreAsync(WithFeed, $"-p:{Remedy}"));
        Assert.Contains("TorchSharp-cpu/0.106.0", repository.Restored("Consumer"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cpu")]
    [InlineData("cuda")]
    public async Task Pack_WithThePackage_TakesTheBackendsNativePackage_AndDependsOnTheManagedPartOnly(string backend)
    {
        using var repository = new TemporaryRepository("Consumer");

        Succeeded(await repository.PackAsync(WithFeed, $"-p:TorchBackend={backend}"));

        var cuda = OperatingSystem.IsWindows() ? "TorchSharp-cuda-windows/" : "TorchSharp-cuda-linux/";
        var (native, other) = backend == "cpu" ? ("TorchSharp-cpu/", cuda) : (cuda, "TorchSharp-cpu/");
        Assert.Contains(native + "0.106.0", repository.Restored("Consumer"), StringComparison.Ordinal);
        Assert.DoesNotContain(other, repository.Restored("Consumer"), StringComparison.Ordinal);
        var dependency = Assert.Single(repository.Manifest("Consumer").Descendants(), e => e.Name.LocalName == "dependency");
        Assert.Equal("TorchSharp", dependency.Attribute("id")!.Value);
        Assert.Equal("0.106.0", dependency.Attribute("version")!.Value);
    }

    [Fact]
    public async Task Restore_DecidedByHand_AsksNobody()
    {
        using var repository = new TemporaryRepository("Consumer");

        var wanted = await repository.RestoreAsync("-p:WithTorchSharp=true");
        Assert.NotEqual(0, wanted.ExitCode);
        Assert.Contains("error NU1101", wanted.Output, StringComparison.Ordinal);

        var refused = await repository.RestoreAsync(WithFeed, "-p:WithTorchSharp=false");
        Succeeded(refused);
        Assert.DoesNotContain("TorchSharp/", repository.Restored("Consumer"), StringComparison.Ordinal);

        Succeeded(await repository.RestoreAsync(WithFeed, "-p:WithTorchSharp=true"));
        Assert.Contains("TorchSharp-cpu/0.106.0", repository.Restored("Consumer"), StringComparison.Ordinal);

        Assert.Equal(0, wanted.Lines(Asking) + refused.Lines(Asking) + refused.Lines(LeftOut));
        Assert.Empty(repository.Answers);
    }

    [Fact]
    public async Task Restore_FeedUnreachable_GoesWithoutAndRemembersNothing()
    {
        using var repository = new TemporaryRepository("Consumer");

        var restore = await repository.RestoreAsync($"-p:RestoreAdditionalProjectSources=https://127.0.0.1:{ClosedPort()}/v3/index.json");

        Succeeded(restore);
        Assert.Equal(1, restore.Lines(LeftOut));
        Assert.Contains("NU1301", restore.Output, StringComparison.Ordinal);
        Assert.Empty(repository.Answers);
        Assert.DoesNotContain("TorchSharp/", repository.Restored("Consumer"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Restore_TwoProjectsInParallel_AskAndSayOnce()
    {
        using var repository = new TemporaryRepository("First", "Second");

        var restore = await repository.RestoreAsync("-m:2");

        Succeeded(restore);
        Assert.Equal(1, restore.Lines(Asking));
        Assert.Equal(1, restore.Lines(LeftOut));
        Assert.Single(repository.Answers);
    }

    private static void Succeeded(DotNetResult result)
    {
        Assert.True(result.ExitCode == 0, result.Output);
        Assert.DoesNotContain("warning ", result.Output, StringComparison.Ordinal);
    }

    private static void WasLeftOut(TemporaryRepository repository, string project)
    {
        var (types, references) = repository.Compiled(project);
        Assert.Contains("Always", types);
        Assert.DoesNotContain("OptionalSource", types);
        Assert.DoesNotContain("WithConstant", types);
        Assert.DoesNotContain("TorchSharp", references);
    }

    private static void WasCompiledIn(TemporaryRepository repository, string project)
    {
        var (types, references) = repository.Compiled(project);
        Assert.Contains("OptionalSource", types);
        Assert.Contains("WithConstant", types);
        Assert.Contains("TorchSharp", references);
    }

    private static int ClosedPort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

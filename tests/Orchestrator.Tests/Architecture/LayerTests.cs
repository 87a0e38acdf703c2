namespace Orchestrator.Tests.Architecture;

/// <summary>Who may see whom. A project that sees another also sees what that one sees.</summary>
public class LayerTests
{
    private static readonly Dictionary<string, string[]> Sees = new()
    {
        ["Orchestrator.Core"] = [],
        ["Orchestrator"] = ["Orchestrator.Core"],
        ["Orchestrator.Torch"] = ["Orchestrator"],
        ["Orchestrator.Cluster"] = ["Orchestrator"],
        ["Orchestrator.Web"] = ["Orchestrator", "Orchestrator.Cluster"],
        ["Orchestrator.Cli"] = ["Orchestrator", "Orchestrator.Cluster", "Orchestrator.Web"],
        ["Orchestrator.App"] = ["Orchestrator.Cli", "Orchestrator.Torch"],
    };

    /// <summary>Hosts, stores and logs: nothing that a pure library needs.</summary>
    private static readonly string[] NotForCore =
        ["Microsoft.Extensions.", "Microsoft.Data.", "Microsoft.AspNetCore.", "SQLitePCLRaw.", "Serilog", "Spectre.", "System.CommandLine", "System.Net.", "System.Data."];

    [Fact]
    public void Projects_InSource_AllHaveAPlace() =>
        Assert.Empty(Repository.Projects.Keys.Except(Sees.Keys));

    [Fact]
    public void ProjectReferences_Everywhere_PointDownwardsOnly()
    {
        var breaches =
            from project in Repository.Projects
            from path in Repository.Items(project.Value, "ProjectReference")
            let target = Path.GetFileNameWithoutExtension(path.Replace('\\', '/'))
            where !MaySee(project.Key, target)
            select $"{project.Key} -> {target}";

        Assert.Empty(breaches);
    }

    [Fact]
    public void CompiledReferences_Everywhere_PointDownwardsOnly()
    {
        var compiled = Repository.Projects.Keys.Select(Repository.Compiled).OfType<System.Reflection.Assembly>().ToArray();
        var breaches =
            from assembly in compiled
            from reference in assembly.GetReferencedAssemblies()
            where Sees.ContainsKey(reference.Name!) && !MaySee(assembly.GetName().Name!, reference.Name!)
            select $"{assembly.GetName().Name} -> {reference.Name}";

        Assert.Subset(compiled.Select(assembly => assembly.GetName().Name!).ToHashSet(),
            new HashSet<string> { "Orchestrator.Core", "Orchestrator", "Orchestrator.Torch", "Orchestrator.Cli", "Orchestrator.App" });
        Assert.Empty(breaches);
    }

    [Fact]
    public void Core_PackagesAndCompiledReferences_AreNeitherHostNorStore()
    {
        var packages = Repository.Items(Repository.Projects["Orchestrator.Core"], "PackageReference");
        var references = Repository.Compiled("Orchestrator.Core")!.GetReferencedAssemblies().Select(reference => reference.Name!);

        Assert.DoesNotContain(packages.Concat(references), name => NotForCore.Any(start => name.StartsWith(start, StringComparison.OrdinalIgnoreCase)));
        Assert.Empty(Repository.Items(Repository.Projects["Orchestrator.Core"], "FrameworkReference"));
    }

    [Fact]
    public void Core_Source_HasNoClockNoGeneratorAndNoFilesOfItsOwn() =>
        Assert.Empty(SourceRule.Pure.SelectMany(rule => rule.BreachesIn("src/Orchestrator.Core")));

    [Fact]
    public void Source_Everywhere_NeverSleeps() =>
        Assert.Empty(SourceRule.NoSleep.BreachesIn("src"));

    [Fact]
    public void Namespaces_Everywhere_HideNoOptionalPackage() =>
        Assert.Empty(SourceRule.NoHiddenNamespace.BreachesIn("src").Concat(SourceRule.NoHiddenNamespace.BreachesIn("tests")));

    [Theory]
    [InlineData("var now = DateTime.UtcNow;")]
    [InlineData("var now = DateTimeOffset.Now;")]
    [InlineData("var x = Random.Shared.Next();")]
    [InlineData("var x = new Random(1);")]
    [InlineData("Thread.Sleep(1);")]
    [InlineData("System.IO.File.Delete(path);")]
    [InlineData("var text = File.ReadAllText(path); // why not")]
    public void PureRules_BreachingLine_IsFound(string line) =>
        Assert.Single(SourceRule.Pure, rule => rule.Breaches("namespace X;\n" + line).Any(breach => breach.StartsWith("2: ", StringComparison.Ordinal)));

    [Theory]
    [InlineData("// never DateTime.Now")]
    [InlineData("/* no\n Thread.Sleep */")]
    [InlineData("var state = profile.File.Length;")]
    [InlineData("var random = new SeededRandom(seed);")]
    public void PureRules_OtherLine_IsLeftAlone(string line) =>
        Assert.DoesNotContain(SourceRule.Pure, rule => rule.Breaches(line).Any());

    [Fact]
    public void NamespaceRule_NamespaceOfThePackage_IsFoundWithinOurs()
    {
        Assert.NotEmpty(SourceRule.NoHiddenNamespace.Breaches("namespace Orchestrator.Torch.TorchSharp;"));
        Assert.Empty(SourceRule.NoHiddenNamespace.Breaches("namespace Orchestrator.Torch;"));
    }

    private static bool MaySee(string project, string target) =>
        Sees[project].Any(seen => seen == target || MaySee(seen, target));
}

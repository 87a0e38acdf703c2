using Orchestrator.Configuration;

namespace Orchestrator.Tests.Configuration;

/// <summary>What is known of a command when its file is read is checked then.</summary>
public sealed class CommandRulesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("orchestrator-commands-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("${sweepDir}/missing.sh", "there is no '")]
    [InlineData("${sweepDir}/plain.sh", "may not be executed")]
    [InlineData("${sweepDir}", "is a folder")]
    [InlineData("${sweepDir}/windows.sh", @"its first line asks for '/bin/sh\r', which is not there (Windows line ends)")]
    [InlineData("${sweepDir}/windows-env.sh", @"its first line asks for 'python3\r', which is not there (Windows line ends)")]
    [InlineData("${sweepDir}/lost.sh", "its first line asks for '/no/such/shell', which is not there.")]
    [InlineData("${tool}", "'no-such-program' cannot be started: it is in no folder of PATH")]
    public void Read_ProgramThatCannotStart_IsAnErrorAtItsPlace(string program, string why)
    {
        if (OperatingSystem.IsWindows())
            return;
        Script("plain.sh", "#!/bin/sh\n", executable: false);
        Script("windows.sh", "#!/bin/sh\r\necho hi\r\n");
        Script("windows-env.sh", "#!/usr/bin/env python3\r\n");
        Script("lost.sh", "#!/no/such/shell\n");
        var problem = Assert.Single(Read($"[\"{program}\"]", "{tool: [dotnet, no-such-program]}"));
        Assert.Equal("SWP031", problem.Problem.Code);
        Assert.Equal((1, 11), (problem.Line, problem.Column));
        Assert.Contains(why, problem.Problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[dotnet, \"${env:ORCHESTRATOR_NO_SUCH}\"]", "SWP029", "no variable 'ORCHESTRATOR_NO_SUCH'")]
    [InlineData("[dotnet, \"x${args_no_hyphens}\"]", "SWP029", "an argument of its own")]
    [InlineData("[dotnet, \"${flag:amp}x\"]", "SWP029", "an argument of its own")]
    [InlineData("[dotnet, \"${flag:tool}\"]", "SWP029", "true and false")]
    [InlineData("[dotnet, \"${flag:apm}\"]", "SWP029", "did you mean 'amp'")]
    [InlineData("[dotnet, \"${interpreter}\"]", "SWP029", "[python3, train.py]")]
    [InlineData("[dotnet, \"${args}\"]", "SWP036", "is the parameter of that name")]
    public void Read_PlaceholderThatCannotBe_IsReported(string command, string code, string why)
    {
        var problem = Assert.Single(Read(command, "{tool: [dotnet], amp: [true, false], args: [1]}"));
        Assert.Equal(code, problem.Problem.Code);
        Assert.Contains(why, problem.Problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("parameter: {lr: [1]}", "SWP010")]
    [InlineData("parameters: 3", "SWP012")]
    public void Read_ParametersKeyThatIsWrong_IsTheOnlyError(string parameters, string code)
    {
        var text = $"command: [dotnet, \"${{lr}}\", \"${{flag:amp}}\"]\nmetric: {{name: l, goal: minimize}}\nmethod: grid\n"
            + $"constraints: [c < 2]\nzip: [[a, b]]\nexclude: [{{a: 1}}]\ninclude: [{{b: 1}}]\n{parameters}\n";
        Assert.Equal([code], SweepFileReader.ReadText(text, "s.yaml", TestCatalog.Instance).Problems.Select(p => p.Problem.Code));
    }

    [Fact]
    public void Read_WhatIsKnownAndRight_IsNoProblem()
    {
        Script("fine.sh", "#!/bin/sh\n");
        Assert.Empty(Read("[\"${sweepDir}/fine.sh\", \"${env:PATH}\", \"${args_no_hyphens}\", \"${flag:amp}\"]", "{amp: [true, false]}"));
    }

    private IReadOnlyList<LocatedProblem> Read(string command, string parameters)
    {
        var file = Path.Combine(_folder, "sweep.yaml");
        File.WriteAllText(file, $"command: {command}\nmetric: {{name: l, goal: minimize}}\nparameters: {parameters}\n");
        return SweepFileReader.ReadFile(file, TestCatalog.Instance).Problems;
    }

    private void Script(string name, string text, bool executable = true)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | (executable ? UnixFileMode.UserExecute : UnixFileMode.None));
    }
}

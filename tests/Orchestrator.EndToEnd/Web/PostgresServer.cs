using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;
using Orchestrator.EndToEnd.Support;

namespace Orchestrator.EndToEnd.Web;

/// <summary>A PostgreSQL server of the test's own: a temporary data folder, a free loopback port, no password.</summary>
internal sealed class PostgresServer : IAsyncDisposable
{
    private const string User = "orchestrator";
    private readonly string _folder = Directory.CreateTempSubdirectory("orchestrator-pg-").FullName;
    private readonly string _programs;
    private readonly int _port = FreePort();
    private Process? _server;

    private PostgresServer(string programs) => _programs = programs;

    /// <summary>How programs connect to it.</summary>
    public string ConnectionString => string.Create(CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={_port};Username={User};Database=postgres");

    /// <summary>Where PostgreSQL's programs are; <see langword="null"/> where it is not installed.</summary>
    public static string? FindPrograms() =>
        (Directory.Exists("/usr/lib/postgresql") ? Directory.EnumerateDirectories("/usr/lib/postgresql").Select(version => Path.Combine(version, "bin")) : [])
        .Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(':'))
        .FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "postgres")));

    /// <summary>Starts one; the test is skipped where there is no PostgreSQL.</summary>
    public static async Task<PostgresServer> StartAsync()
    {
        var programs = FindPrograms();
        Assert.SkipWhen(programs is null, "PostgreSQL's initdb and postgres are not installed here.");
        var server = new PostgresServer(programs!);
        await server.BeginAsync();
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is { HasExited: false })
        {
            await RunAsync("pg_ctl", "stop", "-D", Path.Combine(_folder, "data"), "-m", "immediate", "-s");
            await _server.WaitForExitAsync();
        }

        _server?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task BeginAsync()
    {
        if (Environment.IsPrivilegedProcess)
            await ToEndAsync(Process.Start("chown", ["-R", "nobody", _folder])); // the server refuses to run as root
        var data = Path.Combine(_folder, "data");
        await RunAsync("initdb", "-D", data, "-U", User, "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C");
        _server = Process.Start(Start("postgres", "-D", data, "-p", _port.ToString(CultureInfo.InvariantCulture), "-k", _folder, "-c", "listen_addresses=127.0.0.1", "-c", "fsync=off"))!;
        (_server.StandardError.ReadToEndAsync().ConfigureAwait(false), _server.StandardOutput.ReadToEndAsync().ConfigureAwait(false)).ToString();
        await Patience.UntilAsync(IsThere, "PostgreSQL accepts connections");
    }

    private bool IsThere()
    {
        Assert.False(_server!.HasExited, "PostgreSQL ended.");
        try
        {
            using var connection = new NpgsqlConnection(ConnectionString + ";Pooling=False");
            connection.Open();
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    private async Task RunAsync(string program, params string[] args)
    {
        var result = await ProgramHome.RunAsync(Start(program, args));
        Assert.True(result.ExitCode == 0, $"{program}: {result.Error}{result.Output}");
    }

    private ProcessStartInfo Start(string program, params string[] args)
    {
        string[] command = [Path.Combine(_programs, program), .. args];
        if (Environment.IsPrivilegedProcess)
            command = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", .. command];
        return new ProcessStartInfo(command[0], command[1..]) { WorkingDirectory = _folder, RedirectStandardError = true, RedirectStandardOutput = true };
    }

    private static async Task ToEndAsync(Process process)
    {
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

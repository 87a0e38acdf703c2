using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orchestrator.Cli.Serving;
using Orchestrator.Web;
using Orchestrator.Web.Hosting;

namespace Orchestrator.Cli.Executing;

/// <summary>The host of one sweep with a dashboard that lives as long as it.</summary>
internal static class SweepDashboard
{
    private const string AnyPort = "http://127.0.0.1:0";

    /// <returns>The host, and the links that open the dashboard once the host is started.</returns>
    public static (IHost Host, Func<IEnumerable<string>> Links) Create(IConfiguration settings, Func<IServiceCollection, OrchestratorBuilder> register)
    {
        var host = ServeErrors.Explain(() => DashboardHost.Create(settings, register, HomeHostingMode.None, web =>
        {
            web.ConnectionString = null; // its one job ends with the process
            web.ConcurrentSweeps = 1;
            if (web.Urls == WebOptions.DefaultUrls && IsTaken(new Uri(web.Urls)))
                web.Urls = AnyPort;
        }));
        return (host.Host, () => host.Links);
    }

    /// <summary>Whether another process, a <c>serve</c> for one, listens there.</summary>
    private static bool IsTaken(Uri address)
    {
        using var socket = new TcpListener(IPAddress.Parse(address.Host), address.Port);
        try
        {
            socket.Start();
            return false;
        }
        catch (SocketException)
        {
            return true;
        }
    }
}

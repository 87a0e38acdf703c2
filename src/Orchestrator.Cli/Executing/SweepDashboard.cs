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
    /// <returns>The host, and the links that open the dashboard once the host is started.</returns>
    public static (IHost Host, Func<IEnumerable<string>> Links) Create(IConfiguration settings, Func<IServiceCollection, OrchestratorBuilder> register)
    {
        var host = ServeErrors.Explain(() => DashboardHost.Create(settings, register, HomeHostingMode.None, web =>
        {
            web.ConnectionString = null; // its one job ends with the process
            web.ConcurrentSweeps = 1;
            web.Urls = Free(web.Urls);
        }));
        return (host.Host, () => host.Links);
    }

    /// <summary>The addresses with a free port in place of each that another process, a <c>serve</c> for one, listens on: the sweep matters more.</summary>
    internal static string Free(string urls) => string.Join(';', ListenAddress.Split(urls).Select(FreeOne));

    private static string FreeOne(string url)
    {
        if (ListenAddress.Of(url) is not [var address] || !IsTaken(address))
            return url;
        return address.IsLocalhost
            ? $"{address.Scheme}://127.0.0.1:0" // a free port can be taken of an address, not of a name
            : $"{address.Scheme}://{address.Host}:0";
    }

    private static bool IsTaken(ListenAddress address)
    {
        try
        {
            // A name other than localhost stands for all addresses of the machine, as in the server.
            using var socket = IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip) ? new TcpListener(ip, address.Port)
                : address.IsLocalhost ? new TcpListener(IPAddress.Loopback, address.Port)
                : TcpListener.Create(address.Port);
            socket.Start();
            return false;
        }
        catch (SocketException cause)
        {
            return cause.SocketErrorCode == SocketError.AddressAlreadyInUse;
        }
    }
}

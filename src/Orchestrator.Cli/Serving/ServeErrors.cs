using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;
using Orchestrator.Web;

namespace Orchestrator.Cli.Serving;

/// <summary>Turns what keeps a web host from starting into an error that says what to do.</summary>
internal static class ServeErrors
{
    public static T Explain<T>(Func<T> start)
    {
        try
        {
            return start();
        }
        catch (Exception cause) when (Explained(cause) is { } explained)
        {
            throw explained;
        }
    }

    public static async Task ExplainAsync(Func<Task> start)
    {
        try
        {
            await start();
        }
        catch (Exception cause) when (Explained(cause) is { } explained)
        {
            throw explained;
        }
    }

    private static string Certificate(Exception cause) => cause.Message.Contains("certificate", StringComparison.OrdinalIgnoreCase)
        ? " https needs a certificate: set Kestrel:Certificates:Default:Path, and Password or KeyPath, in appsettings.json or the environment."
        : "";

    private static CliException? Explained(Exception cause) => cause switch
    {
        OptionsValidationException invalid => new CliException("settings", string.Join(' ', invalid.Failures)),
        WebSettingsException => new CliException("settings", cause.Message),
        ServeBusyException => new CliException("busy", cause.Message, ExitCodes.Busy),
        IOException { InnerException: AddressInUseException } => new CliException("address", $"{cause.Message} Choose another with --urls, for example http://127.0.0.1:0 for a free port.", ExitCodes.Internal),
        IOException or System.Net.Sockets.SocketException => new CliException("address", $"The address cannot be listened on: {cause.Message}", ExitCodes.Internal),
        InvalidOperationException { Source: "Microsoft.AspNetCore.Server.Kestrel.Core" } => new CliException("address", $"The address cannot be listened on: {cause.Message}{Certificate(cause)}", ExitCodes.Internal),
        _ => null,
    };
}

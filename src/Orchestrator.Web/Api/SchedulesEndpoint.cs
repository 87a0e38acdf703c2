using Microsoft.AspNetCore.Http;
using Orchestrator.Web.Schedules;

namespace Orchestrator.Web.Api;

/// <summary><c>POST /api/schedules/refresh</c>: reads the schedules of the home anew.</summary>
internal sealed class SchedulesEndpoint(RecurringSweeps recurring)
{
    public async Task RefreshAsync(HttpContext context)
    {
        try
        {
            var broken = await Task.Run(recurring.Synchronize, context.RequestAborted);
            await ApiResponse.WriteAsync(context, StatusCodes.Status200OK, new ApiAnswer { Notes = broken });
        }
        catch (WebSettingsException cause)
        {
            await ApiResponse.RefuseAsync(context, StatusCodes.Status422UnprocessableEntity, "settings", cause.Message);
        }
    }
}

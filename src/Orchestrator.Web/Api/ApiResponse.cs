using Microsoft.AspNetCore.Http;

namespace Orchestrator.Web.Api;

/// <summary>Answers of the interface that the verbs use.</summary>
internal static class ApiResponse
{
    public static Task WriteAsync(HttpContext context, int status, ApiAnswer answer)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsJsonAsync(answer, ApiJson.Default.ApiAnswer, cancellationToken: context.RequestAborted);
    }

    public static Task RefuseAsync(HttpContext context, int status, string code, string message) =>
        WriteAsync(context, status, new ApiAnswer { Error = new ApiError(code, message) });
}

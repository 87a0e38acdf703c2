using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Orchestrator.Configuration;
using Orchestrator.Sweeps;

namespace Orchestrator.Web.Api;

/// <summary><c>POST /api/sweeps</c>: records a sweep and queues it.</summary>
internal sealed class SubmitEndpoint(SweepScheduler scheduler, ISweepCatalog catalog)
{
    private const long MostBytes = 64L << 20;

    public async Task HandleAsync(HttpContext context)
    {
        if (context.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = MostBytes;
        if (await ReadAsync(context) is not { } request)
            return;
        try
        {
            await ApiResponse.WriteAsync(context, StatusCodes.Status201Created, await SubmitAsync(request, context.RequestAborted));
        }
        catch (InvalidDefinitionException cause)
        {
            var problems = cause is InvalidSweepFileException file ? file.Located : [.. cause.Problems.Select(p => new LocatedProblem(request.File, 1, 1, p))];
            await ApiResponse.WriteAsync(context, StatusCodes.Status422UnprocessableEntity, new ApiAnswer
            {
                Error = new ApiError("invalidSweepFile", cause.Message) { Problems = [.. problems.Select(ApiProblem.Of)] },
            });
        }
        catch (Exception cause) when (cause is InvalidOperationException or StoreException)
        {
            await ApiResponse.RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, scheduler.IsStopping ? "stopping" : "store", cause.Message);
        }
    }

    private static async Task<SubmitRequest?> ReadAsync(HttpContext context)
    {
        try
        {
            // Only JSON: a foreign page can make a browser send a form, or text, without asking first.
            if (context.Request.HasJsonContentType() && await context.Request.ReadFromJsonAsync(ApiJson.Default.SubmitRequest, context.RequestAborted) is { File.Length: > 0, Content: not null } request
                && request.Set?.Contains(null!) != true)
                return request;
        }
        catch (BadHttpRequestException cause)
        {
            var (code, why) = cause.StatusCode == StatusCodes.Status413PayloadTooLarge ? ("tooLarge", $"The body has more than {MostBytes >> 20} MiB.") : ("usage", cause.Message);
            await ApiResponse.RefuseAsync(context, cause.StatusCode, code, why);
            return null;
        }
        catch (Exception cause) when (cause is JsonException or InvalidOperationException)
        {
            // It is no JSON, or its character set is unknown.
        }

        await ApiResponse.RefuseAsync(context, StatusCodes.Status400BadRequest, "usage", "Expected is a JSON object with the texts 'file' and 'content', as application/json in UTF-8; 'set' is a list of texts.");
        return null;
    }

    private async Task<ApiAnswer> SubmitAsync(SubmitRequest request, CancellationToken cancellationToken)
    {
        List<string> sets = [.. request.Set ?? []];
        var read = SweepFileReader.ReadText(request.Content, request.File, catalog, sets);
        if (read.Definition is not { } definition)
            throw new InvalidSweepFileException(read.Problems);
        // Kept with the sweep, so that it holds after a restart of the host, too.
        if (request.Workers is { } workers)
            definition.Limits.MaxConcurrent = Math.Min(workers, definition.Limits.MaxConcurrent ?? int.MaxValue);
        var submitted = await scheduler.SubmitAsync(
            new SweepRequest { Definition = definition, File = File.Exists(request.File) ? request.File : null, Locate = read.Locate },
            new SubmitOptions { Priority = request.Priority, Workers = request.Workers },
            cancellationToken);
        return new ApiAnswer
        {
            Sweep = new ApiSweep(submitted.Id, submitted.Name, submitted.State.ToString().ToLowerInvariant(), submitted.PlannedRuns),
            Notes = [.. read.Problems.Select(p => p.ToString())],
        };
    }
}

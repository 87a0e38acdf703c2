using Microsoft.Extensions.Options;

namespace Orchestrator.Web.Hosting;

/// <summary>Reports every wrong setting of the web host at once.</summary>
internal sealed class WebOptionsCheck : IValidateOptions<WebOptions>
{
    private const int MostSweeps = 1000;

    public ValidateOptionsResult Validate(string? name, WebOptions options)
    {
        var wrong = new List<string>();
        if (options.ConcurrentSweeps is < 1 or > MostSweeps)
            wrong.Add($"{WebOptions.Section}:{nameof(WebOptions.ConcurrentSweeps)} is a number from 1 to {MostSweeps:N0}, not {options.ConcurrentSweeps}.");
        if (options.Schema.Length == 0 || !options.Schema.All(c => char.IsAsciiLetterOrDigit(c) || c == '_'))
            wrong.Add($"{WebOptions.Section}:{nameof(WebOptions.Schema)} is a name of letters, digits and underscores, not '{options.Schema}'.");
        if (options.Token is { Length: > 0 and < 16 })
            wrong.Add($"{WebOptions.Section}:{nameof(WebOptions.Token)} has at least 16 characters.");
        wrong.AddRange(ListenAddress.Problems(options.Urls));
        return wrong.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);
    }
}

using Microsoft.Playwright;
using Orchestrator.EndToEnd.Support;

namespace Orchestrator.EndToEnd.Web;

/// <summary>The browser of a test class: the machine's own Chromium, without a window.</summary>
public sealed class ChromiumBrowser : IAsyncLifetime
{
    private static readonly string? Program = ((string?[])[
        Environment.GetEnvironmentVariable("ORCHESTRATOR_CHROMIUM"), "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome",
    ]).FirstOrDefault(File.Exists);

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <summary>Why there is none; <see langword="null"/>: there is one.</summary>
    public static string? Missing =>
        Program is null ? "There is no Chromium on this machine (apt-get install chromium, or ORCHESTRATOR_CHROMIUM names one)." : null;

    public async ValueTask InitializeAsync()
    {
        if (Missing is not null)
            return;
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Program,
            Args = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        });
    }

    /// <summary>A page with nothing remembered. Dialogs are accepted; an error of a script fails the test that asks for <paramref name="errors"/>.</summary>
    public async Task<IPage> OpenAsync(string address, ICollection<string>? errors = null, bool hasScripts = true)
    {
        var context = await _browser!.NewContextAsync(new() { JavaScriptEnabled = hasScripts, ViewportSize = new() { Width = 1280, Height = 800 } });
        context.SetDefaultTimeout((float)Patience.Deadline.TotalMilliseconds);
        var page = await context.NewPageAsync();
        page.Dialog += (_, dialog) => dialog.AcceptAsync();
        if (errors is not null)
            page.PageError += (_, error) => errors.Add(error);
        await page.GotoAsync(address);
        return page;
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
    }
}

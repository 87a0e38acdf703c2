using Hangfire.Dashboard;
using Hangfire.Dashboard.Pages;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Web.Dashboard.Html;

namespace Orchestrator.Web.Dashboard.Pages;

/// <summary>A page in Hangfire's layout. Its data is there when it is made; rendering reads nothing more.</summary>
internal abstract class DashboardPage : RazorPage
{
    private const int LongestTitle = 80;

    /// <summary>Whether only the content is asked for, to replace that of a page which is open already.</summary>
    public bool IsFragment { get; set; }

    public virtual int StatusCode => 200;

    /// <summary>The title of the window.</summary>
    protected abstract string Title { get; }

    /// <summary>Whether what the page shows still changes by itself.</summary>
    protected virtual bool IsLive => false;

    /// <summary>Where the script reads the page anew; empty: at the page's own address.</summary>
    protected virtual string LiveUrl => "";

    public sealed override void Execute()
    {
        if (!IsFragment)
            Layout = new LayoutPage(HtmlText.Shorten(HtmlText.OneLine(Title), LongestTitle));
        var body = Body();
        WriteLiteral(Markup.Of($"<div data-orchestrator data-live-active=\"{(IsLive ? "true" : "false")}\" data-live-url=\"{LiveUrl}\">{body}</div>").ToString());
    }

    protected abstract Markup Body();

    /// <summary>The form field that shows that a command comes from one of our pages; empty where the host does not ask for it.</summary>
    protected Markup AntiforgeryField()
    {
        if (DashboardOptions.IgnoreAntiforgeryToken || string.IsNullOrEmpty(Context.AntiforgeryToken))
            return Markup.Empty;
        var http = Context.GetHttpContext();
        var field = http.RequestServices.GetService<IAntiforgery>()?.GetTokens(http).FormFieldName;
        return field is null ? Markup.Empty : Markup.Of($"<input type=\"hidden\" name=\"{field}\" value=\"{Context.AntiforgeryToken}\">");
    }
}

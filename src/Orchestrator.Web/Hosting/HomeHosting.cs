namespace Orchestrator.Web.Hosting;

/// <summary>Whether a process is the host of its home: the one that <c>submit</c> reaches and that fires the schedules.</summary>
internal enum HomeHostingMode
{
    /// <summary>It is not: it shows the one sweep that it executes.</summary>
    None,

    /// <summary>It is, unless another process is.</summary>
    IfFree,

    /// <summary>It cannot do without.</summary>
    Required,
}

/// <summary>How this process stands to its home.</summary>
internal sealed class HomeHosting(HomeHostingMode mode)
{
    public HomeHostingMode Mode => mode;

    /// <summary>Below which path of its addresses the dashboard is mapped.</summary>
    public string Path { get; set; } = "/";
}

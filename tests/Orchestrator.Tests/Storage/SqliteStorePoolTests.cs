using Orchestrator.Storage;
using Orchestrator.Storage.Sqlite;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Storage;

[Collection(nameof(ThreadPoolAlone))]
public sealed class SqliteStorePoolTests : SweepStorePoolContract, IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("orchestrator-store-");

    public void Dispose() => _folder.Delete(recursive: true);

    internal override async Task<ISweepStore> OpenStoreAsync() =>
        await SqliteSweepStore.OpenAsync(new() { DatabaseFile = Path.Combine(_folder.FullName, "orchestrator.db") });
}

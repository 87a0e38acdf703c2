using System.Globalization;
using System.Text;

namespace Orchestrator.Execution.Processes;

/// <summary>One line of the system's table of processes.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Parent">Its parent's.</param>
/// <param name="Session">Its session's.</param>
/// <param name="Started">When it started, in ticks since the system did: with the id it names the process for good.</param>
/// <param name="ResidentPages">Its resident memory, in pages.</param>
/// <param name="IsZombie">It has ended and waits to be heard of.</param>
internal readonly record struct ProcessEntry(int Id, int Parent, int Session, long Started, long ResidentPages, bool IsZombie);

/// <summary>Reads /proc.</summary>
internal static class ProcessTable
{
    /// <summary>Every process that can be seen.</summary>
    public static List<ProcessEntry> Read()
    {
        var found = new List<ProcessEntry>(256);
        try
        {
            foreach (var path in Directory.EnumerateDirectories("/proc"))
            {
                if (int.TryParse(path.AsSpan(6), NumberStyles.None, CultureInfo.InvariantCulture, out var id) && Find(id) is { } entry)
                    found.Add(entry);
            }
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            // a process that ends while it is listed
        }

        return found;
    }

    /// <summary>One process; <see langword="null"/>: there is none.</summary>
    public static ProcessEntry? Find(int id)
    {
        Span<byte> buffer = stackalloc byte[1024];
        if (!TryRead(string.Create(CultureInfo.InvariantCulture, $"/proc/{id}/stat"), buffer, out var length))
            return null;
        // The name, in parentheses, may hold anything.
        ReadOnlySpan<byte> line = buffer[..length];
        var name = line.LastIndexOf((byte)')');
        if (name < 0 || line.Length < name + 3)
            return null;
        Span<char> text = stackalloc char[1024];
        var rest = (ReadOnlySpan<char>)text[..Encoding.ASCII.GetChars(line[(name + 2)..], text)];
        var state = rest[0];
        int parent = 0, session = 0;
        long started = 0, resident = 0;
        var field = 3;
        foreach (var range in rest.Split(' '))
        {
            switch (field++)
            {
                case 4: parent = int.Parse(rest[range], CultureInfo.InvariantCulture); break;
                case 6: session = int.Parse(rest[range], CultureInfo.InvariantCulture); break;
                case 22: started = long.Parse(rest[range], CultureInfo.InvariantCulture); break;
                case 24: resident = long.Parse(rest[range], CultureInfo.InvariantCulture); break;
            }

            if (field > 24)
                break;
        }

        return new ProcessEntry(id, parent, session, started, resident, state is 'Z' or 'X');
    }

    /// <summary>A variable in the environment a process was started with; <see langword="null"/>: none, or not for us to see.</summary>
    public static string? Variable(int id, string name)
    {
        try
        {
            var environment = (ReadOnlySpan<byte>)File.ReadAllBytes(string.Create(CultureInfo.InvariantCulture, $"/proc/{id}/environ"));
            var wanted = Encoding.ASCII.GetBytes(name + "=");
            foreach (var range in environment.Split((byte)0))
            {
                if (environment[range].StartsWith(wanted))
                    return Encoding.UTF8.GetString(environment[range][wanted.Length..]);
            }
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            // it is gone, or somebody else's
        }

        return null;
    }

    /// <summary>The processes that descend from some, not those themselves.</summary>
    public static HashSet<int> Descendants(List<ProcessEntry> table, IReadOnlySet<int> roots)
    {
        var found = new HashSet<int>();
        bool grew;
        do
        {
            grew = false;
            foreach (var entry in table)
            {
                if (!roots.Contains(entry.Id) && (roots.Contains(entry.Parent) || found.Contains(entry.Parent)))
                    grew |= found.Add(entry.Id);
            }
        }
        while (grew);
        return found;
    }

    /// <summary>The beginning of a file of /proc, as far as it fits.</summary>
    public static bool TryRead(string path, Span<byte> buffer, out int length)
    {
        length = 0;
        try
        {
            using var file = File.OpenHandle(path);
            length = RandomAccess.Read(file, buffer, 0);
            return length > 0;
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}

using System.Diagnostics;

namespace Orchestrator.Zoo;

/// <summary>
/// Ends the program before it has begun, in the part and in the way that ZOO_BAD_START names: <c>worker kill 3 FOLDER</c> is killed by SIGKILL in
/// the first three workers, <c>launcher exit 1 FOLDER</c> exits with code 7 in the first launcher. The folder keeps count.
/// </summary>
internal static class BadStart
{
    public static void If(string[] args)
    {
        if (Environment.GetEnvironmentVariable("ZOO_BAD_START")?.Split(' ', 4) is not [var part, var how, var times, var folder] || args is not [_, var asked] || asked != part)
            return;
        for (var i = 0; i < int.Parse(times, null); i++)
        {
            try
            {
                using var mine = new FileStream(Path.Combine(folder, $"{part}-{i}"), FileMode.CreateNew);
            }
            catch (IOException)
            {
                continue; // another one's
            }

            if (how == "kill")
                Process.GetCurrentProcess().Kill();
            Console.Error.WriteLine("a bad start, on purpose");
            Environment.Exit(7);
        }
    }
}

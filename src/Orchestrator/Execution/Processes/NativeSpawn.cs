using System.Runtime.InteropServices;
using System.Text;

namespace Orchestrator.Execution.Processes;

/// <summary>
/// Starts a program by posix_spawn: in a session of its own, with all signals as they are by default, and with exactly the descriptors
/// it is given. System.Diagnostics.Process can do none of the three, and reaps children of its own accord.
/// </summary>
internal static unsafe class NativeSpawn
{
    private const int StructureSize = 1024; // 336 bytes at most, in glibc and musl
    private const short SetSignalDefault = 4;
    private const short SetSignalMask = 8;
    private const short SetSession = 0x80;

    /// <summary>Descriptors below this are where a child's own go: one that is passed must lie above.</summary>
    private const int FirstSafe = 16;

    /// <param name="command">The program, looked for in PATH if it has no slash, and its arguments.</param>
    /// <param name="environment">The whole environment, each <c>NAME=value</c>.</param>
    /// <param name="folder">The folder it starts in; <see langword="null"/>: this process's.</param>
    /// <param name="descriptors">What become its descriptors 0, 1, 2 and so on.</param>
    /// <param name="process">Its id.</param>
    /// <returns>0, or the error's number.</returns>
    public static int Start(
        IReadOnlyList<string> command, IReadOnlyCollection<string> environment, string? folder, ReadOnlySpan<int> descriptors, out int process)
    {
        Span<int> passed = stackalloc int[descriptors.Length];
        var actions = stackalloc byte[StructureSize];
        var attributes = stackalloc byte[StructureSize];
        var signals = stackalloc byte[128];
        var arguments = new NativeTexts(command);
        var variables = new NativeTexts(environment);
        var file = Marshal.StringToCoTaskMemUTF8(command[0]);
        var where = Marshal.StringToCoTaskMemUTF8(folder);
        _ = Libc.ActionsInit(actions);
        _ = Libc.AttributesInit(attributes);
        try
        {
            for (var i = 0; i < descriptors.Length; i++)
            {
                // The new ones are closed in the child by themselves: close-on-exec.
                passed[i] = Libc.Control(descriptors[i], 1030, FirstSafe);
                if (passed[i] < 0)
                {
                    process = 0;
                    return Marshal.GetLastPInvokeError();
                }

                _ = Libc.ActionsDuplicate(actions, passed[i], i);
            }

            if (where != 0)
                _ = Libc.ActionsChangeFolder(actions, (byte*)where);
            _ = Libc.SignalsNone(signals);
            _ = Libc.AttributesSignalMask(attributes, signals);
            _ = Libc.SignalsAll(signals);
            _ = Libc.AttributesSignalDefault(attributes, signals);
            _ = Libc.AttributesFlags(attributes, SetSignalDefault | SetSignalMask | SetSession);
            var id = 0;
            var error = Libc.Spawn(&id, (byte*)file, actions, attributes, arguments.Pointers, variables.Pointers);
            process = id;
            return error;
        }
        finally
        {
            foreach (var descriptor in passed)
            {
                if (descriptor >= FirstSafe)
                    _ = Libc.Close(descriptor);
            }

            _ = Libc.ActionsDestroy(actions);
            _ = Libc.AttributesDestroy(attributes);
            Marshal.FreeCoTaskMem(file);
            Marshal.FreeCoTaskMem(where);
            arguments.Free();
            variables.Free();
        }
    }

    /// <summary>Texts as a C program is given them: pointers, a null pointer after the last.</summary>
    private readonly struct NativeTexts
    {
        private readonly void* _memory;

        public NativeTexts(IReadOnlyCollection<string> texts)
        {
            var size = 0;
            foreach (var text in texts)
                size += Encoding.UTF8.GetByteCount(text) + 1;
            var table = (nuint)(texts.Count + 1) * (nuint)sizeof(byte*);
            _memory = NativeMemory.Alloc(table + (nuint)size);
            var at = (byte*)_memory + table;
            var index = 0;
            foreach (var text in texts)
            {
                Pointers[index++] = at;
                at += Encoding.UTF8.GetBytes(text, new Span<byte>(at, size));
                *at++ = 0;
            }

            Pointers[index] = null;
        }

        public byte** Pointers => (byte**)_memory;

        public void Free() => NativeMemory.Free(_memory);
    }
}

using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Orchestrator.Execution.Processes;

/// <summary>What of the C library the processes of runs need on Linux (glibc and musl, 64 bits, little-endian).</summary>
internal static unsafe partial class Libc
{
    public const int SigInt = 2;
    public const int SigAbrt = 6;
    public const int SigBus = 7;
    public const int SigKill = 9;
    public const int SigTerm = 15;
    public const int SigXfsz = 25;
    public const int ErrorInterrupted = 4;
    public const int ErrorAgain = 11;
    public const int TooManyOpenFiles = 24;
    public const int TooManyOpenFilesOfAll = 23;
    public const short PollIn = 1;
    public const int SocketCloseOnExec = 0x80000;
    public const int CloseOnExec = 0x80000;
    public const int NoSignal = 0x4000;
    public const int DontWait = 0x40;
    public const int ReceivedCloseOnExec = 0x40000000;
    public const int SetChildSubreaper = 36;
    public const int SetParentDeathSignal = 1;
    public const int WaitExited = 4;
    public const int ChildExited = 1;
    public const int WaitNoHang = 1;
    public const int WaitLeave = 0x1000000;

    private const string Name = "libc";

    public static bool IsHere => OperatingSystem.IsLinux() && Environment.Is64BitProcess && BitConverter.IsLittleEndian;

    [LibraryImport(Name, EntryPoint = "socketpair", SetLastError = true)]
    public static partial int SocketPair(int domain, int type, int protocol, int* pair);

    [LibraryImport(Name, EntryPoint = "pipe2", SetLastError = true)]
    public static partial int Pipe(int* pair, int flags);

    [LibraryImport(Name, EntryPoint = "eventfd", SetLastError = true)]
    public static partial int EventDescriptor(uint initial, int flags);

    [LibraryImport(Name, EntryPoint = "close")]
    public static partial int Close(int descriptor);

    [LibraryImport(Name, EntryPoint = "fcntl", SetLastError = true)]
    public static partial int Control(int descriptor, int command, int argument);

    [LibraryImport(Name, EntryPoint = "read", SetLastError = true)]
    public static partial nint Read(Descriptor descriptor, byte* buffer, nint length);

    [LibraryImport(Name, EntryPoint = "write", SetLastError = true)]
    public static partial nint Write(Descriptor descriptor, byte* buffer, nint length);

    [LibraryImport(Name, EntryPoint = "send", SetLastError = true)]
    public static partial nint Send(Descriptor descriptor, byte* buffer, nint length, int flags);

    [LibraryImport(Name, EntryPoint = "recv", SetLastError = true)]
    public static partial nint Receive(Descriptor descriptor, byte* buffer, nint length, int flags);

    [LibraryImport(Name, EntryPoint = "shutdown", SetLastError = true)]
    public static partial int Shutdown(Descriptor descriptor, int how);

    [LibraryImport(Name, EntryPoint = "sendmsg", SetLastError = true)]
    public static partial nint SendMessage(Descriptor descriptor, MessageHeader* message, int flags);

    [LibraryImport(Name, EntryPoint = "recvmsg", SetLastError = true)]
    public static partial nint ReceiveMessage(Descriptor descriptor, MessageHeader* message, int flags);

    [LibraryImport(Name, EntryPoint = "poll", SetLastError = true)]
    public static partial int Poll(PollItem* items, nuint count, int milliseconds);

    [LibraryImport(Name, EntryPoint = "kill", SetLastError = true)]
    public static partial int Kill(int process, int signal);

    [LibraryImport(Name, EntryPoint = "waitid", SetLastError = true)]
    public static partial int WaitId(int kind, int id, ChildInfo* info, int options);

    [LibraryImport(Name, EntryPoint = "waitpid", SetLastError = true)]
    public static partial int WaitProcess(int process, int* status, int options);

    [LibraryImport(Name, EntryPoint = "prctl", SetLastError = true)]
    public static partial int ProcessControl(int option, nuint a, nuint b, nuint c, nuint d);

    [LibraryImport(Name, EntryPoint = "getppid")]
    public static partial int ParentProcess();

    [LibraryImport(Name, EntryPoint = "getrusage")]
    public static partial int Usage(int who, long* usage);

    [LibraryImport(Name, EntryPoint = "setrlimit", SetLastError = true)]
    public static partial int SetLimit(int resource, ulong* limit);

    [LibraryImport(Name, EntryPoint = "getrlimit")]
    public static partial int GetLimit(int resource, ulong* limit);

    [LibraryImport(Name, EntryPoint = "write")]
    public static partial nint WriteTo(int descriptor, byte* bytes, nint length);

    [LibraryImport(Name, EntryPoint = "_exit")]
    public static partial void ExitNow(int code);

    [LibraryImport(Name, EntryPoint = "sigemptyset")]
    public static partial int SignalsNone(byte* set);

    [LibraryImport(Name, EntryPoint = "sigfillset")]
    public static partial int SignalsAll(byte* set);

    [LibraryImport(Name, EntryPoint = "posix_spawnp")]
    public static partial int Spawn(int* process, byte* file, byte* actions, byte* attributes, byte** arguments, byte** environment);

    [LibraryImport(Name, EntryPoint = "posix_spawn_file_actions_init")]
    public static partial int ActionsInit(byte* actions);

    [LibraryImport(Name, EntryPoint = "posix_spawn_file_actions_destroy")]
    public static partial int ActionsDestroy(byte* actions);

    [LibraryImport(Name, EntryPoint = "posix_spawn_file_actions_adddup2")]
    public static partial int ActionsDuplicate(byte* actions, int from, int to);

    [LibraryImport(Name, EntryPoint = "posix_spawn_file_actions_addchdir_np")]
    public static partial int ActionsChangeFolder(byte* actions, byte* folder);

    [LibraryImport(Name, EntryPoint = "posix_spawnattr_init")]
    public static partial int AttributesInit(byte* attributes);

    [LibraryImport(Name, EntryPoint = "posix_spawnattr_destroy")]
    public static partial int AttributesDestroy(byte* attributes);

    [LibraryImport(Name, EntryPoint = "posix_spawnattr_setflags")]
    public static partial int AttributesFlags(byte* attributes, short flags);

    [LibraryImport(Name, EntryPoint = "posix_spawnattr_setsigmask")]
    public static partial int AttributesSignalMask(byte* attributes, byte* set);

    [LibraryImport(Name, EntryPoint = "posix_spawnattr_setsigdefault")]
    public static partial int AttributesSignalDefault(byte* attributes, byte* set);

    [StructLayout(LayoutKind.Sequential)]
    public struct PollItem
    {
        public int Descriptor;
        public short Events;
        public short Happened;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct Piece
    {
        public byte* Start;
        public nuint Length;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct MessageHeader
    {
        public void* Name;
        public ulong NameLength;
        public Piece* Pieces;
        public nuint PieceCount;
        public void* Ancillary;
        public nuint AncillaryLength;
        public ulong Flags;
    }

    /// <summary>Beginning of siginfo_t as waitid fills it.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 128)]
    public struct ChildInfo
    {
        public int Signal;
        public int Error;
        public int Code;
        public int Padding;
        public int Process;
        public int User;
        public int Status;
    }
}

/// <summary>A file descriptor, closed once nobody uses it.</summary>
internal sealed unsafe class Descriptor : SafeHandleMinusOneIsInvalid, ISignal, IByteSource, IControlLine
{
    public Descriptor()
        : base(ownsHandle: true)
    {
    }

    public Descriptor(int number)
        : this() => SetHandle(number);

    public int Number => (int)handle;

    WaitHandle? IWaitSource.Handle => null;

    /// <summary>Nothing: what is in the pipe can be read at once.</summary>
    void IByteSource.ExpectMark()
    {
    }

    /// <summary>Two ends of a socket; no child inherits them by accident.</summary>
    public static (Descriptor Ours, Descriptor Theirs) SocketPair()
    {
        var pair = stackalloc int[2];
        Check(Libc.SocketPair(1, 1 | Libc.SocketCloseOnExec, 0, pair), "socketpair");
        return (new(pair[0]), new(pair[1]));
    }

    /// <summary>A pipe; no child inherits its ends by accident.</summary>
    public static (Descriptor Read, Descriptor Write) Pipe()
    {
        var pair = stackalloc int[2];
        Check(Libc.Pipe(pair, Libc.CloseOnExec), "pipe");
        return (new(pair[0]), new(pair[1]));
    }

    /// <summary>What reads as empty and takes everything.</summary>
    public static Descriptor Nothing()
    {
        using var file = File.OpenHandle("/dev/null", FileMode.Open, FileAccess.ReadWrite);
        return new(Libc.Control((int)file.DangerousGetHandle(), 1030, 3));
    }

    /// <summary>Readable once <see cref="Set"/> was called.</summary>
    public static Descriptor Event()
    {
        var number = Libc.EventDescriptor(0, Libc.CloseOnExec | 0x800);
        Check(number, "eventfd");
        return new(number);
    }

    public void Set()
    {
        var one = 1UL;
        _ = Libc.Write(this, (byte*)&one, sizeof(ulong));
    }

    /// <summary>Writes a few bytes to a pipe; whoever is gone does not get them.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
            _ = Libc.Write(this, start, bytes.Length);
    }

    /// <summary>Reads what is there: 0 at the end, -1 where nothing is there yet.</summary>
    public int Read(Span<byte> buffer)
    {
        fixed (byte* start = buffer)
        {
            nint count;
            while ((count = Libc.Read(this, start, buffer.Length)) < 0)
            {
                var error = Marshal.GetLastPInvokeError();
                if (error == Libc.ErrorAgain)
                    return -1;
                if (error != Libc.ErrorInterrupted)
                    return 0; // whoever was on the other side is gone
            }

            return (int)count;
        }
    }

    /// <summary>Reading never waits.</summary>
    public Descriptor DoNotWait()
    {
        Check(Libc.Control(Number, 4, 0x800 | Libc.Control(Number, 3, 0)), "fcntl");
        return this;
    }

    protected override bool ReleaseHandle() => Libc.Close((int)handle) == 0;

    private static void Check(int result, string call)
    {
        if (result < 0)
        {
            var error = Marshal.GetLastPInvokeError();
            var remedy = error == Libc.TooManyOpenFiles ? ". " + Diagnostics.OpenFiles.Remedy : "";
            throw new IOException($"The system refused {call}: {Marshal.GetPInvokeErrorMessage(error)}{remedy}");
        }
    }
}

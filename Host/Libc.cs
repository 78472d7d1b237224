using System;
using System.Runtime.InteropServices;

namespace HaukiOS.Host;

/// <summary>The few calls of Linux that .NET has no name for. Layouts: 64-bit Linux.</summary>
internal static partial class Libc
{
    /// <summary>There is something to read, or somebody to accept.</summary>
    public const short PollIn = 0x001;

    /// <summary>There is room to write.</summary>
    public const short PollOut = 0x004;

    /// <summary>Try again later.</summary>
    public const int TryAgain = 11;

    /// <summary>The device cannot now: a network interface that is switched off.</summary>
    public const int IoError = 5;

    /// <summary>No room in the system's buffers.</summary>
    public const int NoBuffers = 105;

    /// <summary>To <see cref="SendTo"/>: neither wait nor raise a signal.</summary>
    public const int NoWaitNoSignal = 0x40 | 0x4000;

    /// <summary>A signal came in between.</summary>
    public const int Interrupted = 4;

    /// <summary>Open for reading and writing, never waiting, and closed in child processes.</summary>
    public const int ReadWriteNonBlockingCloseOnExec = 0x2 | 0x800 | 0x80000;

    /// <summary>Open for reading, and closed in child processes.</summary>
    public const int ReadOnlyCloseOnExec = 0x80000;

    /// <summary>A network namespace, to <see cref="SetNamespace"/>.</summary>
    public const int NetworkNamespaceKind = 0x40000000;

    /// <summary>One descriptor to wait for: <c>struct pollfd</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct PollEntry
    {
        /// <summary>The descriptor; a negative one is passed over.</summary>
        public int Handle;

        /// <summary>What to wait for.</summary>
        public short Wanted;

        /// <summary>What there is.</summary>
        public short Ready;
    }

    /// <summary>A span of time: <c>struct timespec</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct TimeSpec
    {
        /// <summary>Whole seconds.</summary>
        public long Seconds;

        /// <summary>The rest.</summary>
        public long Nanoseconds;
    }

    /// <summary>Waits for one of many descriptors; <paramref name="mask"/> is null.</summary>
    [LibraryImport("libc", EntryPoint = "ppoll", SetLastError = true)]
    public static unsafe partial int Poll(PollEntry* entries, nuint count, TimeSpec* patience, void* mask);

    /// <summary>Opens a file by its name.</summary>
    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Open(string path, int flags);

    /// <summary>Closes a descriptor.</summary>
    [LibraryImport("libc", EntryPoint = "close")]
    public static partial int Close(int handle);

    /// <summary>Reads what there is, up to <paramref name="count"/> bytes.</summary>
    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    public static unsafe partial nint Read(int handle, byte* into, nuint count);

    /// <summary>Writes.</summary>
    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    public static unsafe partial nint Write(int handle, byte* from, nuint count);

    /// <summary>Sends a datagram to an address in the system's own form.</summary>
    [LibraryImport("libc", EntryPoint = "sendto", SetLastError = true)]
    public static unsafe partial nint SendTo(
        int handle, byte* from, nuint count, int flags, byte* address, int addressLength);

    /// <summary>Asks a device for something; <paramref name="argument"/> is what the request says.</summary>
    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    public static unsafe partial int Control(int handle, nuint request, void* argument);

    /// <summary>Moves the calling thread, and nobody else, into a namespace.</summary>
    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    public static partial int SetNamespace(int handle, int kind);

    /// <summary>The latest failure, in the system's words.</summary>
    public static string LastError() => Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError());
}

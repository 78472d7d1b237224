using HaukiOS.Hardware;
using HaukiOS.Lock;
using HaukiOS.Loop;
using HaukiOS.Store;
using HaukiOS.Swarm;

namespace HaukiOS.Console;

/// <summary>Figures for people: <c>status</c>, <c>mem</c>, and the lines of <c>log</c>.</summary>
internal static class Report
{
    private const long Second = 1_000_000_000;

    /// <summary><c>status</c>.</summary>
    public static void Status(ConsoleContext context)
    {
        ConsoleOutput output = context.Output;
        ConsoleParts parts = context.Parts;
        output.WriteLine($"HaukiOS {parts.Machine.Version}, build {parts.Machine.BuildId}");
        output.WriteLine($"processor: {parts.Machine.Processor}");
        output.WriteLine($"up: {Duration(parts.Clock.Now)}, calendar: {Date(parts.Calendar.UnixSeconds)}");
        foreach (string device in parts.Machine.Devices)
        {
            output.WriteLine(device);
        }

        if (context.Store is EncryptedStore store)
        {
            Store(output, store);
        }
        else
        {
            output.WriteLine("store: none is open");
        }

        if (context.Lock is LockRecord record)
        {
            output.WriteLine(
                $"lock: {record.Questions.Count} questions, Argon2id with {record.Cost.MemoryKib / 1024} MiB and "
                + $"{record.Cost.Passes} passes");
        }

        if (context.Node.Boot.Record is BootRecord boot)
        {
            output.WriteLine(
                $"boot key: {context.Node.Boot.Fingerprint}; network unlock is "
                + (boot.AllowsNetworkUnlock ? "on" : "off") + ", known operators: " + boot.Operators.Count);
        }

        if (context.Identity is KeyPair identity)
        {
            output.WriteLine($"node key: {Fingerprint.Of(identity.PublicKey)}");
        }

        if (parts.Teleporter is { Status: { Phase: not MovePhase.Idle } move })
        {
            output.WriteLine("move: " + MoveReport.Progress(move));
        }

        string ready = parts.Entropy.IsReady ? "ready" : $"{parts.Entropy.Percent} % gathered";
        output.WriteLine($"entropy: {ready}, {parts.Entropy.Failures} failed health tests");
    }

    /// <summary><c>mem</c>.</summary>
    public static void Memory(ConsoleContext context)
    {
        MemoryReading memory = context.Parts.Memory.Read();
        context.Output.WriteLine(
            $"memory: {memory.TotalBytes >> 20} MiB in all, {memory.FreeBytes >> 10} KiB free");
        context.Output.WriteLine(
            $"heap: {memory.HeapBytes >> 10} KiB, {memory.LiveBytes >> 10} KiB live, "
            + $"at most {memory.HeapLimitBytes >> 20} MiB");
        context.Output.WriteLine(
            $"allocated: {memory.AllocatedBytes >> 10} KiB since power-on, {memory.Collections} collections");
        context.Output.WriteLine(
            $"pauses: last {memory.LastPauseNanoseconds / 1000} us, longest {memory.MaxPauseNanoseconds / 1000} us");
    }

    /// <summary>One line of the log: seconds since power-on, and what happened.</summary>
    public static string LogLine(LogEntry entry)
    {
        long milliseconds = entry.At.Nanoseconds / 1_000_000;
        return $"{milliseconds / 1000}.{Padded(milliseconds % 1000, 3)} {entry.Text}";
    }

    /// <summary>A moment of the calendar, such as <c>2026-05-01 12:00:00 UTC</c>.</summary>
    public static string Date(long unixSeconds)
    {
        const long day = 86400;
        long days = unixSeconds / day;
        long rest = unixSeconds % day;

        // Civil date from a day number, with years that begin in March so that the leap day comes last.
        long shifted = days + 719468;
        long era = shifted / 146097;
        long dayOfEra = shifted - (era * 146097);
        long yearOfEra = (dayOfEra - (dayOfEra / 1460) + (dayOfEra / 36524) - (dayOfEra / 146096)) / 365;
        long dayOfYear = dayOfEra - ((365 * yearOfEra) + (yearOfEra / 4) - (yearOfEra / 100));
        long marchMonth = ((5 * dayOfYear) + 2) / 153;
        long dayOfMonth = dayOfYear - (((153 * marchMonth) + 2) / 5) + 1;
        long month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
        long year = yearOfEra + (era * 400) + (month <= 2 ? 1 : 0);
        return $"{year}-{Padded(month, 2)}-{Padded(dayOfMonth, 2)} "
            + $"{Padded(rest / 3600, 2)}:{Padded(rest / 60 % 60, 2)}:{Padded(rest % 60, 2)} UTC";
    }

    private static string Counted(int names) => names == 1 ? "1 name" : $"{names} names";

    private static void Store(ConsoleOutput output, EncryptedStore store)
    {
        StoreStatus status = store.Status;
        output.WriteLine(
            $"store: {Counted(status.Names)}, {Tenths(status.UsedBytes)} of {Tenths(status.CapacityBytes)} MiB used, "
            + $"{status.FreeSegments} of {status.Segments} segments free, {status.Records} records written");
        if (status.ReadOnlyReason is string reason)
        {
            output.WriteLine($"the store takes no writes: {reason}");
        }

        foreach (string line in store.Notices.Lines)
        {
            output.WriteLine("warning: " + line);
        }

        if (store.Notices.Omitted > 0)
        {
            output.WriteLine($"({store.Notices.Omitted} more warnings)");
        }
    }

    private static string Duration(Instant up)
    {
        long seconds = up.Nanoseconds / Second;
        return $"{seconds / 86400} d {Padded(seconds / 3600 % 24, 2)}:{Padded(seconds / 60 % 60, 2)}:"
            + Padded(seconds % 60, 2);
    }

    private static string Tenths(long bytes)
    {
        long tenths = bytes * 10 / (1024 * 1024);
        return $"{tenths / 10}.{tenths % 10}";
    }

    private static string Padded(long number, int digits)
    {
        string text = number.ToString();
        while (text.Length < digits)
        {
            text = "0" + text;
        }

        return text;
    }
}

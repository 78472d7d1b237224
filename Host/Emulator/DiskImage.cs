using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Text;

namespace HaukiOS.Host.Emulator;

/// <summary>What stands behind the emulated IDE disk.</summary>
public abstract record DiskImage(string File)
{
    /// <summary>Makes an empty image: all zero, and taking no room on the host until it is written.</summary>
    public static void Create(string file, long mebibytes)
    {
        using var stream = new FileStream(file, FileMode.CreateNew);
        stream.SetLength(mebibytes << 20);
    }

    /// <summary>QEMU's arguments for it. The disk is master of the first channel, and named <c>disk</c>.</summary>
    internal abstract IEnumerable<string> Arguments(ScratchDirectory scratch);

    /// <summary>A comma inside a QEMU option's value is doubled.</summary>
    private protected static string Escape(string value) => value.Replace(",", ",,", StringComparison.Ordinal);
}

/// <summary>A raw image file, used as it is.</summary>
public sealed record RawDisk(string File) : DiskImage(File)
{
    internal override IEnumerable<string> Arguments(ScratchDirectory scratch) =>
        ["-drive", $"if=ide,index=0,id=disk,format=raw,file={Escape(File)}"];
}

/// <summary>One request that shall fail, as QEMU's <c>blkdebug</c> understands it.</summary>
/// <param name="Event">
/// What fails: <c>read_aio</c>, <c>write_aio</c>, <c>pwritev</c>, <c>flush_to_disk</c>.
/// </param>
/// <param name="Sector">Only requests that touch this sector; null for every one.</param>
/// <param name="Once">Only the first such request.</param>
/// <param name="Errno">The host's error number that QEMU is to see; 5 is an I/O error.</param>
public sealed record DiskFault(string Event, long? Sector = null, bool Once = false, int Errno = 5);

/// <summary>A raw image whose chosen requests fail. The guest sees the error; QEMU does not stop for it.</summary>
public sealed record FaultyDisk(string File, IReadOnlyList<DiskFault> Faults) : DiskImage(File)
{
    internal override IEnumerable<string> Arguments(ScratchDirectory scratch)
    {
        var rules = new StringBuilder();
        foreach (var fault in Faults)
        {
            rules.AppendLine("[inject-error]").AppendLine($"event = \"{fault.Event}\"");
            rules.AppendLine(CultureInfo.InvariantCulture, $"errno = \"{fault.Errno}\"");
            rules.AppendLine(fault.Once ? "once = \"on\"" : "once = \"off\"");
            if (fault.Sector is { } sector)
            {
                rules.AppendLine(CultureInfo.InvariantCulture, $"sector = \"{sector}\"");
            }
        }

        var rulesFile = scratch.File("blkdebug.conf");
        System.IO.File.WriteAllText(rulesFile, rules.ToString());
        var source = $"blkdebug:{Escape(rulesFile)}:{Escape(File)}";
        return ["-drive", $"if=ide,index=0,id=disk,format=raw,file={source},werror=report,rerror=report"];
    }
}

/// <summary>
/// A raw image beside which every write and flush is recorded in order: see <see cref="WriteLog"/>. Killing an
/// emulator loses nothing, because the host's page cache survives it; a replayed prefix is a true power cut.
/// </summary>
public sealed record RecordedDisk(string File, string LogFile) : DiskImage(File)
{
    internal override IEnumerable<string> Arguments(ScratchDirectory scratch)
    {
        using (System.IO.File.Create(LogFile))
        {
            // The log driver wants the file to exist.
        }

        return
        [
            "-blockdev", $"driver=file,filename={Escape(File)},node-name=diskfile",
            "-blockdev", $"driver=file,filename={Escape(LogFile)},node-name=logfile",
            "-blockdev", "driver=blklogwrites,file=diskfile,log=logfile,node-name=disklog",
            "-device", "ide-hd,drive=disklog,bus=ide.0,unit=0,id=disk",
        ];
    }
}

using System;
using System.Collections.Generic;
using HaukiOS.Host.Emulator;

namespace HaukiOS.Host.Bench;

/// <summary>An operator with three questions, for machines that are only measured.</summary>
internal static class SampleOperator
{
    /// <summary>Questions and their answers.</summary>
    public static readonly IReadOnlyDictionary<string, string> Answers = new Dictionary<string, string>
    {
        ["Which lake froze first?"] = "Inarijärvi",
        ["What was the boat's name?"] = "Särki",
        ["Who mended the net?"] = "Aunt Helmi",
    };

    /// <summary>Makes a disk with this operator's store on it.</summary>
    public static void PrepareDisk(string iso, string disk)
    {
        DiskImage.Create(disk, 64);
        using var machine = QemuMachine.Start(new MachineOptions { Iso = iso, Disk = new RawDisk(disk) });
        new ConsoleDriver(machine.Serial).Enrol([.. Answers]);
    }
}

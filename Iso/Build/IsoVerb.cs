using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;

namespace HaukiOS.Build;

/// <summary>
/// The verb <c>iso</c>: a CD image that a BIOS starts (El Torito) and that may be copied to a USB stick as it is.
/// GRUB is one core image with everything it needs inside, so it reads three files and draws no menu. Equal inputs
/// give equal bytes.
/// </summary>
public static class IsoVerb
{
    // multiboot starts the kernel; normal and keystatus read the configuration, which looks at a key; the others find
    // both, on a CD or on a stick with or without a partition table.
    private static readonly string[] GrubModules =
        ["biosdisk", "iso9660", "part_msdos", "search_fs_file", "multiboot", "boot", "normal", "keystatus"];

    // What runs inside the core image is GRUB's rescue parser, which knows neither conditions nor comments.
    private static readonly string[] FirstCommands =
        ["search.file /boot/hauki.elf root", "normal ($root)/boot/hauki.cfg"];

    private const string GrubDirectory = "/usr/lib/grub/i386-pc";

    /// <summary>Any moment will do, as long as it is always the same one: 2026-01-01T00:00:00Z.</summary>
    private const string Epoch = "1767225600";

    /// <summary>Makes the image.</summary>
    /// <returns>The tool's exit code.</returns>
    public static int Run(Options options)
    {
        string work = Path.GetFullPath(options.Get("work"));
        string output = Path.GetFullPath(options.Get("out"));
        if (Directory.Exists(work))
        {
            Directory.Delete(work, recursive: true);
        }

        string tree = Path.Combine(work, "tree");
        string boot = Directory.CreateDirectory(Path.Combine(tree, "boot")).FullName;
        File.Copy(options.Get("kernel"), Path.Combine(boot, "hauki.elf"));
        File.Copy(options.Get("config"), Path.Combine(boot, "hauki.cfg"));
        string first = Path.Combine(work, "first.cfg");
        File.WriteAllLines(first, FirstCommands);
        Execute("grub-mkimage",
        [
            "--format=i386-pc-eltorito", $"--directory={GrubDirectory}", "--prefix=/boot/grub", "--compression=none",
            $"--config={first}", $"--output={Path.Combine(boot, "grub.img")}", .. GrubModules,
        ]);

        File.Delete(output);
        Execute("xorriso",
        [
            "-report_about", "WARNING", "-as", "mkisofs", "--set_all_file_dates", "=" + Epoch,
            "-volid", "HAUKIOS", "-input-charset", "utf-8", "-r",
            "-b", "boot/grub.img", "-no-emul-boot", "-boot-load-size", "4", "-boot-info-table", "--grub2-boot-info",
            "--grub2-mbr", Path.Combine(GrubDirectory, "boot_hybrid.img"), "--protective-msdos-label",
            "-c", "boot/boot.cat", "-o", output, tree,
        ]);
        return 0;
    }

    private static void Execute(string program, IEnumerable<string> words)
    {
        var start = new ProcessStartInfo(program, words)
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        start.Environment["SOURCE_DATE_EPOCH"] = Epoch;
        start.Environment["TZ"] = "UTC";
        try
        {
            using Process process = Process.Start(start)!;
            process.OutputDataReceived += (_, _) => { };
            process.BeginOutputReadLine();
            string errors = process.StandardError.ReadToEnd();
            process.WaitForExit();
            if (process.ExitCode != 0)
            {
                throw new BuildException($"{program} ended with {process.ExitCode}: {errors.Trim()}");
            }
        }
        catch (System.ComponentModel.Win32Exception)
        {
            throw new BuildException($"{program} is not installed: `make deps` installs or names what is missing");
        }
    }
}

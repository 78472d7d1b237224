using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using HaukiOS.Host.Emulator;

namespace HaukiOS.Host.Peer;

/// <summary>
/// The system that benchmarks compare with: Debian's own Linux for the i686, its busybox and its reference argon2
/// program, in the smallest user space that gives a shell. It is made to be fast: nothing is mounted or started
/// that the shell does not need, and the kernel is told to be quiet.
/// </summary>
public sealed class LinuxPeer
{
    /// <summary>What its shell says when it is ready.</summary>
    public const string Prompt = "linux# ";

    private const string KernelArguments = "console=ttyS0 quiet mitigations=off random.trust_bootloader=on";

    // Raised when what is made below changes, so that an old tree is made anew.
    private const string Recipe = "3";

    private static readonly string[] Applets = ["sh", "mount", "cat", "date", "poweroff", "uname", "free"];

    private readonly string directory;

    private LinuxPeer(string directory) => this.directory = directory;

    /// <summary>The CD, booted by the same GRUB as ours.</summary>
    public string Iso => Path.Combine(directory, "linux.iso");

    /// <summary>The packages it was made from.</summary>
    public string Versions => File.ReadAllText(Path.Combine(directory, "packages")).Trim();

    private string Kernel => Path.Combine(directory, "vmlinuz");

    private string Initrd => Path.Combine(directory, "initrd.gz");

    /// <summary>Makes the peer, or takes the one that is there.</summary>
    public static LinuxPeer Require(Layout layout, Action<string> progress)
    {
        var peer = new LinuxPeer(layout.Peer);
        var stamp = Path.Combine(layout.Peer, "recipe");
        if (File.Exists(stamp) && File.ReadAllText(stamp) == Recipe)
        {
            return peer;
        }

        Directory.CreateDirectory(layout.Peer);
        peer.Build(progress);
        File.WriteAllText(stamp, Recipe);
        return peer;
    }

    /// <summary>The machine with the Linux CD in it: the same as ours but for the CD.</summary>
    public MachineOptions FromIso(MachineOptions machine) => machine with { Iso = Iso };

    /// <summary>The machine with Linux put into its memory by QEMU.</summary>
    public MachineOptions FromKernel(MachineOptions machine) => machine with
    {
        Kernel = Kernel,
        Initrd = Initrd,
        KernelArguments = KernelArguments,
    };

    private void Build(Action<string> progress)
    {
        var apt = new PrivateApt(Path.Combine(directory, "apt"));
        progress("reading Debian's lists for i386");
        apt.Update();
        var image = apt.FirstDependency("linux-image-686");
        progress($"fetching {image}, busybox and argon2");
        using var scratch = new ScratchDirectory();
        var tree = scratch.File("tree");
        var packages = apt.Unpack(tree, [image, "busybox-static", "argon2", "libc6"]);
        File.WriteAllLines(Path.Combine(directory, "packages"), packages);
        File.Copy(Directory.EnumerateFiles(Path.Combine(tree, "boot"), "vmlinuz-*").First(), Kernel, overwrite: true);
        progress("packing its first file system");
        PackInitrd(tree);
        progress("mastering its CD");
        MasterIso(scratch);
    }

    private void PackInitrd(string tree)
    {
        using var archive = new CpioArchive(Initrd);
        string[] directories = ["bin", "dev", "proc", "lib", "lib/i386-linux-gnu"];
        Array.ForEach(directories, archive.AddDirectory);
        archive.AddDevice("dev/console", 5, 1);
        archive.AddDevice("dev/ttyS0", 4, 64);
        archive.AddDevice("dev/null", 1, 3);
        archive.AddProgram("bin/busybox", File.ReadAllBytes(Path.Combine(tree, "bin", "busybox")));
        foreach (var applet in Applets)
        {
            archive.AddLink($"bin/{applet}", "busybox");
        }

        archive.AddProgram("bin/argon2", File.ReadAllBytes(Path.Combine(tree, "usr", "bin", "argon2")));
        var libraries = Path.Combine(tree, "lib", "i386-linux-gnu");
        archive.AddProgram("lib/i386-linux-gnu/libc.so.6", File.ReadAllBytes(Path.Combine(libraries, "libc.so.6")));
        archive.AddProgram("lib/ld-linux.so.2", File.ReadAllBytes(Path.Combine(libraries, "ld-linux.so.2")));
        var init = $"#!/bin/sh\nexport PATH=/bin PS1='{Prompt}'\nexec sh </dev/ttyS0 >/dev/ttyS0 2>&1\n";
        archive.AddProgram("init", Encoding.ASCII.GetBytes(init));
    }

    private void MasterIso(ScratchDirectory scratch)
    {
        var tree = scratch.File("cd");
        Directory.CreateDirectory(Path.Combine(tree, "boot", "grub"));
        File.Copy(Kernel, Path.Combine(tree, "boot", "vmlinuz"));
        File.Copy(Initrd, Path.Combine(tree, "boot", "initrd.gz"));
        var menu = "set timeout=0\nset default=0\nterminal_output console\nmenuentry linux {\n"
            + $" linux /boot/vmlinuz {KernelArguments}\n initrd /boot/initrd.gz\n}}\n";
        File.WriteAllText(Path.Combine(tree, "boot", "grub", "grub.cfg"), menu);

        // Uncompressed modules and nothing superfluous: the quickest GRUB there is, as for our own CD.
        IEnumerable<string> arguments =
        [
            "-d", "/usr/lib/grub/i386-pc", "-o", Iso, tree, "--compress=no",
            "--install-modules=linux normal iso9660 biosdisk part_msdos configfile boot",
            "--locales=", "--fonts=", "--themes=",
        ];
        Tool.Run("grub-mkrescue", arguments);
    }
}

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using HaukiOS.Build.Names;

namespace HaukiOS.Build.Link;

/// <summary>The verb <c>link</c>: files in, files out.</summary>
public static class LinkVerb
{
    private const uint LinkAddress = 0x4010_0000;
    private const uint LoadAddress = 0x0010_0000;
    private const int BuildIdSize = 16;

    /// <summary>Links what the options name.</summary>
    /// <returns>The tool's exit code.</returns>
    public static int Run(Options options)
    {
        byte[][] files = options.Inputs.Select(File.ReadAllBytes).ToArray();
        List<CoffObject> objects = options.Inputs
            .Zip(files, (path, bytes) => CoffObject.Parse(Path.GetFileName(path), bytes)).ToList();
        Image image = Linker.Link(
            new LinkPlan(
                options.Find("entry") ?? "start", Address(options, "link-at", LinkAddress),
                Address(options, "load-at", LoadAddress)),
            objects,
            ManagedTypes.From(options.All("assembly")), BuildId(files));

        File.WriteAllBytes(options.Get("out"), ElfWriter.Write(image, withSymbols: true));
        byte[] bootable = ElfWriter.Write(image, withSymbols: false);
        if (options.Find("bootable") is { } path)
        {
            File.WriteAllBytes(path, bootable);
        }

        Console.WriteLine(
            $"  {image.Functions.Count} functions, {bootable.Length / 1024} KiB, "
            + $"build {Convert.ToHexStringLower(BuildId(files))}");
        return 0;
    }

    private static uint Address(Options options, string name, uint otherwise) =>
        options.Find(name) is { } text ? Convert.ToUInt32(text, 16) : otherwise;

    /// <summary>The name of a build is what went into it: equal inputs, equal name, on every machine.</summary>
    private static byte[] BuildId(IEnumerable<byte[]> files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (byte[] file in files)
        {
            hash.AppendData(BitConverter.GetBytes(file.LongLength));
            hash.AppendData(file);
        }

        return hash.GetHashAndReset()[..BuildIdSize];
    }
}

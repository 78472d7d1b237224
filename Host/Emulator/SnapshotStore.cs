using System;
using System.Diagnostics;
using System.Linq;
using System.Text.Json.Nodes;
using System.Threading;

namespace HaukiOS.Host.Emulator;

/// <summary>
/// Where QEMU keeps states of a whole machine to go back to. The file is no disk of the machine's; it is made by the
/// running QEMU itself. A machine with a disk cannot be kept so: the disk would not go back.
/// </summary>
public sealed class SnapshotStore
{
    private const string FileNode = "snapshot-file";
    private const string Node = "snapshots";
    private const string Job = "snapshot-job";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly QmpClient control;

    /// <summary>Makes the file and gives it to a QEMU.</summary>
    public SnapshotStore(QmpClient control, string file)
    {
        this.control = control;
        JsonObject At() => new() { ["driver"] = "file", ["filename"] = file };
        Create(With(At(), ("size", 0)));
        control.Execute("blockdev-add", With(At(), ("node-name", FileNode)));
        JsonObject Inside() => new() { ["driver"] = "qcow2", ["file"] = FileNode };
        Create(With(Inside(), ("size", 1 << 20)));
        control.Execute("blockdev-add", With(Inside(), ("node-name", Node)));
    }

    /// <summary>Keeps the machine as it is now. It goes on afterwards.</summary>
    public void Save(string name) => Run("snapshot-save", Snapshot(name));

    /// <summary>Makes the machine what it was. It goes on from there.</summary>
    public void Load(string name) => Run("snapshot-load", Snapshot(name));

    private static JsonObject With(JsonObject value, params ReadOnlySpan<(string Name, JsonNode Value)> more)
    {
        foreach (var (name, part) in more)
        {
            value[name] = part;
        }

        return value;
    }

    private static JsonObject Snapshot(string name) => new()
    {
        ["tag"] = name,
        ["vmstate"] = Node,
        ["devices"] = new JsonArray(Node),
    };

    private void Create(JsonObject options) => Run("blockdev-create", new JsonObject { ["options"] = options });

    private void Run(string command, JsonObject arguments)
    {
        arguments["job-id"] = Job;
        control.Execute(command, arguments);
        var from = Stopwatch.GetTimestamp();
        JsonNode job;
        while ((job = Find())["status"]!.GetValue<string>() != "concluded")
        {
            if (Stopwatch.GetElapsedTime(from) > Patience)
            {
                throw new EmulatorException($"QEMU's {command} does not end: {job["status"]}.");
            }

            Thread.Sleep(2);
        }

        control.Execute("job-dismiss", new JsonObject { ["id"] = Job });
        if (job["error"] is { } error)
        {
            throw new EmulatorException($"QEMU's {command} failed: {error}.");
        }
    }

    private JsonNode Find() => control.Execute("query-jobs")!.AsArray()
        .First(static job => job!["id"]!.GetValue<string>() == Job)!;
}

using System;
using System.Diagnostics;
using System.Threading;
using HaukiOS.Console;
using HaukiOS.Hardware;
using HaukiOS.Memory;
using HaukiOS.Tests.Unit.Lock;
using NUnit.Framework;

namespace HaukiOS.Tests.Unit.Console;

/// <summary>The load finds every byte that is not what it wrote, and the commands around it.</summary>
[TestFixture]
public sealed unsafe class LoadTests
{
    private const int Pages = 16;

    [Test]
    public void A_load_that_nobody_disturbs_is_consistent_at_any_moment([Values("touch", "fill")] string how)
    {
        byte[] memory = new byte[Pages * PageLoad.PageBytes];
        fixed (byte* start = memory)
        {
            PageLoad load = new(start, Pages, KindOf(how));
            for (int i = 0; i < 5 * Pages; i++)
            {
                load.CheckAll();
                Assert.That(load.Problem, Is.Null, $"after {i} pages");
                load.WriteNext();
            }

            Assert.That(load.Passes, Is.EqualTo(5));
            Assert.That(load.Written, Is.EqualTo(5 * Pages));
        }
    }

    [Test]
    public void Every_word_that_changes_is_found([Values("touch", "fill")] string how)
    {
        byte[] memory = new byte[Pages * PageLoad.PageBytes];
        Random random = new(5);
        for (int i = 0; i < 200; i++)
        {
            fixed (byte* start = memory)
            {
                PageLoad load = new(start, Pages, KindOf(how));
                int before = random.Next(3 * Pages);
                for (int k = 0; k < before; k++)
                {
                    load.WriteNext();
                }

                int at = random.Next(memory.Length);
                memory[at] ^= (byte)(1 << random.Next(8));
                load.CheckAll();
                string expected = $"page {at / PageLoad.PageBytes} of {Pages} is not what pass";
                Assert.That(load.Problem, Does.StartWith(expected));
                Assert.That(load.Problem, Does.Contain($"word {at % PageLoad.PageBytes / 4} "));
            }
        }
    }

    [Test]
    public void A_page_as_it_was_a_pass_ago_and_one_in_anothers_place_are_found([Values("touch", "fill")] string how)
    {
        byte[] memory = new byte[Pages * PageLoad.PageBytes];
        fixed (byte* start = memory)
        {
            PageLoad load = new(start, Pages, KindOf(how));
            byte[] old = memory[(3 * PageLoad.PageBytes)..(4 * PageLoad.PageBytes)];
            for (int i = 0; i < Pages; i++)
            {
                load.WriteNext();
            }

            old.CopyTo(memory, 3 * PageLoad.PageBytes);
            for (int i = 0; i < Pages; i++)
            {
                load.WriteNext();
            }

            Assert.That(load.Problem, Does.StartWith("page 3 of 16 is not what pass 1 wrote: word 0"), "at once");

            load = new PageLoad(start, Pages, KindOf(how));
            memory.AsSpan(0, PageLoad.PageBytes).CopyTo(memory.AsSpan(PageLoad.PageBytes));
            load.CheckAll();
            Assert.That(load.Problem, Does.StartWith("page 1 of 16"));
        }
    }

    [TestCase(0)]
    [TestCase(2000)]
    public void A_job_writes_until_it_is_stopped_and_gives_its_memory_back(long pagesPerSecond)
    {
        HostWorkMemory work = new(12 << 20);
        LoadJob job = new(work, new Watch(), 1, LoadKind.Fill, pagesPerSecond);
        Thread worker = new(job.Run);
        worker.Start();
        Assert.That(SpinWait.SpinUntil(() => job.Load is { Passes: > 0 }, 20_000), Is.True);
        job.Stop();
        Assert.That(worker.Join(20_000), Is.True);
        Assert.That(job.HasEnded && job.Problem is null);
        Assert.That(job.Load!.Pages, Is.EqualTo((1 << 20) / (int)AddressMap.PageSize));
        Assert.That(work.AvailableBytes, Is.EqualTo(12 << 20));
    }

    [Test]
    public void The_commands_say_what_is_wrong_and_what_is_running()
    {
        var machine = new SimulatedMachine(null) { RunsJobs = false };
        machine.Run();
        Assert.That(machine.Say("load"), Does.Contain("load: none is running"));
        Assert.That(machine.Say("load stop"), Does.Contain("load: none is running"));
        Assert.That(machine.Say("load lots"), Does.Contain("load: say how much"));
        Assert.That(machine.Say("load 5 shake"), Does.Contain("load: say what it shall do: touch or fill"));
        Assert.That(machine.Say("load 5 touch often"), Does.Contain("load: say how many pages per second"));
        Assert.That(machine.Say("load 500"), Does.Contain("load: between 1 and 8 MiB are possible"));
        machine.Say("load 5 touch");
        machine.Type("\u0003");
        machine.RunsJobs = true;
        machine.Run(3);
        Assert.That(machine.TakeOutput(), Does.Contain("load: 1280 pages, all consistent"), "Ctrl-C stops it");
        Assert.That(machine.Say("load"), Does.Contain("load: none is running"));
    }

    [Test]
    public void While_the_worker_is_busy_nothing_else_can_have_it()
    {
        var machine = new SimulatedMachine(null) { RunsJobs = false };
        machine.Run();
        machine.Parts.Worker.Start(() => { });
        foreach (string command in (string[])["load 2", "selftest", "bench argon2", "lock", "format"])
        {
            Assert.That(machine.Say(command), Does.Contain("the worker is busy; 'load stop' ends a load"), command);
        }
    }

    private sealed class Watch : IClock
    {
        private readonly long start = Stopwatch.GetTimestamp();

        public Instant Now => new((long)Stopwatch.GetElapsedTime(start).TotalNanoseconds);
    }

    private static LoadKind KindOf(string how) => how == "fill" ? LoadKind.Fill : LoadKind.Touch;
}

using HaukiOS.Migration;
using NUnit.Framework;

namespace HaukiOS.Tests.Simulation.Migration;

/// <summary>
/// Exactly one, also when the node leaves again before its first machine knows that it is rid of it, with everything
/// ever said of the first move still on the wire, or lost.
/// </summary>
[TestFixture]
internal sealed class TwoMovesTests
{
    private const int WalksPerPart = 60;
    private const int StepsPerWalk = 500;

    [Test]
    public void Exactly_one_while_the_node_goes_on_or_back([Values] bool goesBack, [Values] bool hasOperator)
    {
        TwoMovesModel model = new(new HandoverTables(), goesBack) { HasOperator = hasOperator };
        Assert.That(model.Explore(), Is.Null);
        TestContext.Out.WriteLine(
            $"back {goesBack}, operator {hasOperator}: {model.Count} states, {model.Steps} steps");
        Assert.That(
            model.CountOf(world => world[goesBack ? 0 : 2].Runs && world.Second.HasBegun), Is.Positive, "it arrives");
        Assert.That(
            goesBack || model.CountOf(world => world.C.Runs && world.A.State == HandoverState.Leaving) > 0,
            "the first source is still in doubt when the node is two machines on");
    }

    [Test]
    public void A_record_that_forgets_the_move_before_leaves_its_source_in_doubt_for_ever() => AssertFound(
        new TwoMovesModel(new HandoverTables(), goesBack: false) { ForgetsAnswers = true });

    [Test]
    public void What_is_said_of_one_move_must_not_count_for_the_other([Values] bool goesBack) => AssertFound(
        new TwoMovesModel(new HandoverTables(), goesBack) { ConfusesMoves = true });

    [Test]
    public void A_machine_in_doubt_must_not_take_the_node_back() => AssertFound(
        new TwoMovesModel(new HandoverTables(), goesBack: true) { StandsByInDoubt = true });

    [Test]
    public void A_store_must_not_be_opened_before_its_move_is_settled([Values] bool goesBack)
    {
        HandoverTables tables = new();
        tables.SourceBoot[(int)HandoverState.Leaving] = SourcePhase.GoesOn;
        AssertFound(new TwoMovesModel(tables, goesBack));
    }

    [Test]
    public void Real_records_and_witnesses_do_it_too([Range(1, 4)] int part)
    {
        int moves = 0;
        int landings = 0;
        for (int seed = part * 1000; seed < (part * 1000) + WalksPerPart; seed++)
        {
            WanderingNode node = new(seed);
            for (int step = 0; step < StepsPerWalk; step++)
            {
                node.Step();
                Assert.That(node.Wrong, Is.Null, $"seed {seed}, step {step}");
            }

            Assert.That(node.Settle(), Is.Null, $"seed {seed}, in the end");
            moves += node.Moves;
            landings += node.Landings;
        }

        TestContext.Out.WriteLine($"{moves} moves, {landings} landings");
        Assert.That(landings, Is.GreaterThan(WalksPerPart / 2), "hardly anything has happened");
    }

    private static void AssertFound(TwoMovesModel model)
    {
        string? wrong = model.Explore();
        TestContext.Out.WriteLine(wrong);
        Assert.That(wrong, Is.Not.Null, "nobody noticed");
    }
}

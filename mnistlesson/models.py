"""The networks of the lesson, each kept here after a step has written it out in full.

Nothing here is new: a test compares every function and class with the step that wrote it, as syntax
trees, docstrings and type annotations apart. The step comes first in each docstring.
"""

from collections import OrderedDict

import torch
import torch.nn.functional as F
from torch import Tensor, nn

__all__ = [
    "DeepNetwork",
    "FunctionalNetwork",
    "Network",
    "init_normal",
    "raw_mlp",
    "raw_parameters",
    "sequential_network",
    "sigmoid",
    "softmax",
]


def sigmoid(x: Tensor) -> Tensor:
    """Step 3: squash each number into (0, 1).

    Args:
        x: Any shape.

    Returns:
        The same shape.

    Examples:
        >>> import torch
        >>> from mnistlesson.models import sigmoid
        >>> sigmoid(torch.tensor([-5.0, 0.0, 5.0]))
        tensor([0.0067, 0.5000, 0.9933])
    """
    return 1 / (1 + torch.exp(-x))


def raw_parameters() -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Step 3: draw the weights and biases of a 784-256-10 network from a standard normal.

    Returns:
        ``w1`` (784, 256), ``b1`` (256,), ``w2`` (256, 10) and ``b2`` (10,), float32. They depend on
        the global random state: call :func:`torch.manual_seed` first.

    Examples:
        >>> import torch
        >>> from mnistlesson.models import raw_parameters
        >>> seed = torch.manual_seed(0)
        >>> [tuple(parameter.shape) for parameter in raw_parameters()]
        [(784, 256), (256,), (256, 10), (10,)]
    """
    w1 = torch.randn(784, 256)
    b1 = torch.randn(256)
    w2 = torch.randn(256, 10)
    b2 = torch.randn(10)
    return w1, b1, w2, b2


def raw_mlp(inputs: Tensor, w1: Tensor, b1: Tensor, w2: Tensor, b2: Tensor) -> Tensor:
    """Step 3: run a multilayer perceptron with one hidden layer, from tensors alone.

    Args:
        inputs: (N, 784).
        w1: (784, 256).
        b1: (256,).
        w2: (256, 10).
        b2: (10,).

    Returns:
        Logits, (N, 10).

    Examples:
        >>> import torch
        >>> from mnistlesson.models import raw_mlp, raw_parameters
        >>> seed = torch.manual_seed(0)
        >>> raw_mlp(torch.zeros(64, 784), *raw_parameters()).shape
        torch.Size([64, 10])
    """
    hidden = sigmoid(inputs @ w1 + b1)
    return hidden @ w2 + b2


def softmax(x: Tensor) -> Tensor:
    """Step 4: turn each row of scores into probabilities, without overflow.

    Args:
        x: Logits, (N, K).

    Returns:
        Probabilities, (N, K); each row sums to 1.

    Examples:
        Large scores do not overflow, and only the differences within a row count:

        >>> import torch
        >>> from mnistlesson.models import softmax
        >>> softmax(torch.tensor([[1.0, 2.0, 3.0], [1001.0, 1002.0, 1003.0]]))
        tensor([[0.0900, 0.2447, 0.6652],
                [0.0900, 0.2447, 0.6652]])
    """
    shifted = x - x.max(dim=1, keepdim=True).values
    exps = torch.exp(shifted)
    return exps / exps.sum(dim=1, keepdim=True)


class Network(nn.Module):
    """Step 5: the 784-256-10 network with a sigmoid, as a module of modules.

    Takes (N, 784), returns logits (N, 10).

    Examples:
        >>> import torch
        >>> from mnistlesson.models import Network
        >>> model = Network()
        >>> model
        Network(
          (hidden): Linear(in_features=784, out_features=256, bias=True)
          (sigmoid): Sigmoid()
          (output): Linear(in_features=256, out_features=10, bias=True)
        )
        >>> model(torch.zeros(64, 784)).shape
        torch.Size([64, 10])
    """

    def __init__(self) -> None:
        """Create the layers with PyTorch's default initialisation."""
        super().__init__()
        self.hidden = nn.Linear(784, 256)
        self.sigmoid = nn.Sigmoid()
        self.output = nn.Linear(256, 10)

    def forward(self, x: Tensor) -> Tensor:
        """Compute the logits. Call the model itself, not this method: see step 5.

        Examples:
            The call runs hooks, which this method skips:

            >>> import torch
            >>> from mnistlesson.models import Network
            >>> model, seen = Network(), []
            >>> hook = model.register_forward_hook(lambda *called: seen.append("called"))
            >>> logits = model.forward(torch.zeros(64, 784))
            >>> seen
            []
            >>> logits = model(torch.zeros(64, 784))
            >>> seen
            ['called']
        """
        x = self.hidden(x)
        x = self.sigmoid(x)
        return self.output(x)


class FunctionalNetwork(nn.Module):
    """Step 6: the same network, with the sigmoid as a function.

    Takes (N, 784), returns logits (N, 10).

    Examples:
        The names of the parameters are those of :class:`Network`, so its weights fit:

        >>> from mnistlesson.models import FunctionalNetwork, Network
        >>> model = FunctionalNetwork()
        >>> model.load_state_dict(Network().state_dict())
        <All keys matched successfully>
    """

    def __init__(self) -> None:
        """Create the layers with PyTorch's default initialisation."""
        super().__init__()
        self.hidden = nn.Linear(784, 256)
        self.output = nn.Linear(256, 10)

    def forward(self, x: Tensor) -> Tensor:
        """Compute the logits. Call the model itself, not this method: see step 5.

        Examples:
            >>> import torch
            >>> from mnistlesson.models import FunctionalNetwork, Network
            >>> inputs, model, other = torch.zeros(64, 784), FunctionalNetwork(), Network()
            >>> keys = model.load_state_dict(other.state_dict())
            >>> torch.equal(model(inputs), other(inputs))
            True
        """
        x = torch.sigmoid(self.hidden(x))
        return self.output(x)


class DeepNetwork(nn.Module):
    """Step 7: the 784-128-64-10 network with ReLU, which step 12 trains.

    Takes (N, 784), returns logits (N, 10).

    Examples:
        >>> from mnistlesson.models import DeepNetwork
        >>> model = DeepNetwork()
        >>> for name, parameter in model.named_parameters():
        ...     print(f"{name:<14} {tuple(parameter.shape)}")
        hidden1.weight (128, 784)
        hidden1.bias   (128,)
        hidden2.weight (64, 128)
        hidden2.bias   (64,)
        output.weight  (10, 64)
        output.bias    (10,)
        >>> sum(parameter.numel() for parameter in model.parameters())
        109386
    """

    def __init__(self) -> None:
        """Create the layers with PyTorch's default initialisation."""
        super().__init__()
        self.hidden1 = nn.Linear(784, 128)
        self.hidden2 = nn.Linear(128, 64)
        self.output = nn.Linear(64, 10)

    def forward(self, x: Tensor) -> Tensor:
        """Compute the logits. Call the model itself, not this method: see step 5.

        Examples:
            A single digit is a batch of one:

            >>> import torch
            >>> from mnistlesson.models import DeepNetwork
            >>> DeepNetwork()(torch.zeros(1, 784)).shape
            torch.Size([1, 10])
        """
        x = F.relu(self.hidden1(x))
        x = F.relu(self.hidden2(x))
        return self.output(x)


def sequential_network() -> nn.Sequential:
    """Step 8: the network of step 7 as a named sequence of layers.

    Returns:
        A module that takes (N, 784) and returns logits (N, 10); its ``state_dict`` has the keys of
        :class:`DeepNetwork`.

    Examples:
        >>> import torch
        >>> from mnistlesson.models import sequential_network
        >>> model = sequential_network()
        >>> model.hidden1 is model[0]
        True
        >>> model[:4](torch.zeros(64, 784)).shape
        torch.Size([64, 64])
    """
    return nn.Sequential(
        OrderedDict(
            [
                ("hidden1", nn.Linear(784, 128)),
                ("relu1", nn.ReLU()),
                ("hidden2", nn.Linear(128, 64)),
                ("relu2", nn.ReLU()),
                ("output", nn.Linear(64, 10)),
            ]
        )
    )


def init_normal(model: nn.Module, std: float) -> None:
    """Step 9: set every bias to zero and draw every weight from a normal distribution, in place.

    Args:
        model: Its :class:`torch.nn.Linear` layers are changed.
        std: Standard deviation of the weights; their mean is 0.

    Examples:
        >>> import torch
        >>> from mnistlesson.models import DeepNetwork, init_normal
        >>> seed, model = torch.manual_seed(0), DeepNetwork()
        >>> init_normal(model, std=0.01)
        >>> round(model.hidden1.weight.std().item(), 3), model.hidden1.bias.abs().max().item()
        (0.01, 0.0)
    """
    for layer in model.modules():
        if isinstance(layer, nn.Linear):
            nn.init.normal_(layer.weight, std=std)
            nn.init.zeros_(layer.bias)

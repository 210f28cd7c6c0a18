"""Builds torchvision's models and rewritten ones with the real PyTorch and says what they are.

    python3 rewrites.py list                 every classification model with the file that defines it, as JSON
    python3 rewrites.py check < requests     one answer a line: {"calls", "output", "params", "macs"} or {"error"}

A request is {"id", "file", "model", "size"}: the file stands in for the module of torchvision.models with the same name.
`calls` are the calls of modules without parts, in their order: path, type and shape of the output. Nothing is computed: weights and maps are fakes
that have shapes alone, so large models take no longer than small ones.
"""

import importlib.util
import json
import os
import sys
import warnings

warnings.filterwarnings("ignore")

import torch
import torchvision
from torch._subclasses import FakeTensorMode
from torchvision.models import _api


def main():
    if sys.argv[1] == "list":
        names = torchvision.models.list_models(module=torchvision.models)
        files = {name: os.path.basename(sys.modules[_api.get_model_builder(name).__module__].__file__) for name in names}
        print(json.dumps({"models": files, "torch": torch.__version__, "torchvision": torchvision.__version__}))
        return
    for line in sys.stdin:
        request = json.loads(line)
        try:
            answer = examine(**{key: request[key] for key in ("file", "model", "size")})
        except Exception as error:
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps({"id": request["id"], **answer}), flush=True)


def examine(file, model, size):
    builder = getattr(load(file), model)
    # Weights of fakes need no start values, and some of the functions that draw them look at the values.
    for name in [n for n in dir(torch.nn.init) if n.endswith("_") and not n.startswith("_")]:
        setattr(torch.nn.init, name, lambda tensor, *args, **kwargs: tensor)
    with FakeTensorMode() as mode:
        try:
            network = builder(weights=None)
        except RuntimeError:
            network = None
    if network is None:
        # It asks for values while it is built: built for real, then taken as fakes.
        torch.__future__.set_overwrite_module_params_on_conversion(True)
        network = builder(weights=None)._apply(mode.from_tensor)
    network.eval()
    calls, work = [], [0]
    for path, module in network.named_modules():
        if not list(module.children()):
            module.register_forward_hook(lambda m, _, out, path=path: note(path, m, out, calls, work))
    with mode:
        output = network(torch.empty(1, 3, size, size))
    return {
        "calls": calls,
        "output": list(output.shape),
        "params": sum(parameter.numel() for parameter in network.parameters()),
        "macs": work[0],
    }


def note(path, module, output, calls, work):
    if not isinstance(output, torch.Tensor):
        return
    calls.append([path, type(module).__name__, list(output.shape)])
    if isinstance(module, torch.nn.modules.conv._ConvNd):
        work[0] += output.numel() * module.weight[0].numel()
    elif isinstance(module, torch.nn.Linear):
        work[0] += output.numel() * module.in_features


def load(file):
    """The file as the module of torchvision.models that it is a version of."""
    name = f"torchvision.models.{os.path.splitext(os.path.basename(file))[0]}"
    _api.BUILTIN_MODELS.clear()
    spec = importlib.util.spec_from_file_location(name, file)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


if __name__ == "__main__":
    main()
